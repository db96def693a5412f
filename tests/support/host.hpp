#pragma once

#include "support/actor.hpp"
#include "support/polling.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gof::test {

/// A node, or its stand-in, with the part of the shell: it connects, writes for one link at a time, and keeps
/// all events in order.
class host {
 public:
  host(class world& in, std::string name, core::node_config config);
  host(class world& in, std::string name, std::unique_ptr<actor> stand_in);

  core::node& node() { return *node_; }  ///< not for a stand-in
  bool is_running() const { return actor_ != nullptr; }
  const std::string& name() const { return name_; }
  std::size_t index() const { return index_; }
  std::uint16_t port() const { return port_; }
  const std::vector<core::event>& events() const { return events_; }
  void forget_events() {
    events_.clear();
    times_.clear();
  }
  std::size_t wakeups() const { return wakeups_; }  ///< how often its timer fired

  /// Called for each event after it was kept. May give commands.
  std::function<void(const core::event&)> on_event;

  template <class Event>
  std::size_t count() const {
    return count_of<Event>(events_);
  }
  /// The time of each event of this kind since the world's beginning.
  template <class Event>
  std::vector<duration> times() const {
    std::vector<duration> all;
    for (std::size_t i = 0; i < events_.size(); ++i)
      if (std::holds_alternative<Event>(events_[i])) all.push_back(times_[i]);
    return all;
  }
  template <class Event>
  const Event* last() const {
    for (auto e = events_.rbegin(); e != events_.rend(); ++e)
      if (const auto* found = std::get_if<Event>(&*e)) return found;
    return nullptr;
  }

 private:
  friend class world;
  class world& world_;
  std::string name_;
  std::size_t index_;
  std::uint16_t port_;
  std::optional<core::node_config> config_;  ///< for the next start; empty: a stand-in
  std::vector<wire::address> bootstraps_;
  std::unique_ptr<actor> actor_;  ///< null: not running
  core::node* node_ = nullptr;    ///< the same object, if it is a node
  std::vector<core::event> events_;
  std::vector<duration> times_;  ///< of events_
  std::size_t wakeups_ = 0;
  unsigned life_ = 0;

  void start(class world& in);
};

}  // namespace gof::test
