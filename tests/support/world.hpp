#pragma once

#include "base/random.hpp"
#include "node/node.hpp"
#include "sctp/stack.hpp"
#include "secure/derive.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace gof::test {

class seeded_random final : public random_source {
 public:
  explicit seeded_random(std::uint64_t seed) : engine_(seed) {}
  void fill(mutable_bytes out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

/// What a cable between two hosts does. Changed at any time; bytes already sent arrive as they were sent.
struct cable {
  duration delay = 0ms;
  double bits_per_second = 0;  ///< 0: no limit
  std::size_t buffer =
      4 * 1024 * 1024;  ///< what one direction holds before the writer is stopped, as TCP would
  bool cut = false;     ///< nothing arrives any more, nobody is told; connects go unanswered
};

/// A node with what the shell would add: connects, writes one at a time, and all events in order.
class host {
 public:
  host(class world& in, std::string name, core::node_config config);

  core::node& node() { return *node_; }
  const std::string& name() const { return name_; }
  std::vector<core::event>& events() { return events_; }
  std::uint16_t port() const { return port_; }

  /// Tells the owner of each event as it comes, after it was kept. Commands may be given from here.
  std::function<void(const core::event&)> on_event;

  template <class Event>
  std::size_t count() const {
    std::size_t n = 0;
    for (const auto& e : events_) n += std::holds_alternative<Event>(e);
    return n;
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
  std::unique_ptr<core::node> node_;
  std::vector<core::event> events_;
};

/// Nodes, cables and virtual time: everything happens in one thread, in an order that the seed fixes.
class world {
 public:
  explicit world(std::uint64_t seed);
  ~world();

  host& add_member(const std::string& name, duration survive = 60s, duration connect_timeout = 10s);
  host& add_guest(const std::string& name, duration survive = 60s, duration connect_timeout = 10s);
  /// Kill without a word (SIGKILL): its sockets are reset by the system.
  void kill(host& h);

  /// A ticket of `issuer` for these services, reached at its port.
  wire::ticket ticket(host& issuer, const std::vector<std::string>& services, std::uint8_t number = 1);
  static secure::secret32 token(const wire::ticket& t) { return secure::secret32(t.token); }

  cable& between(const host& a, const host& b);
  /// Both ends of every connection between the two see an error.
  void reset_connections(const host& a, const host& b);

  instant now() const { return now_; }
  seeded_random& random() { return random_; }
  /// Runs until nothing is left to do before `until`, or `done` holds. True: it held.
  bool run(
      duration for_at_most, const std::function<bool()>& done = [] { return false; });
  /// After commands given from outside an event: lets them take effect.
  void kick(host& h);

  const secure::secret32& network_key() const { return network_key_; }
  /// Every byte between hosts passes here first (capture, alteration).
  std::function<void(const host& from, const host& to, bytes& data)> on_bytes;

 private:
  struct socket {
    host* owner = nullptr;
    link_id link{};
    bool open = true;
    std::size_t unread = 0;  ///< bytes on the way from here
    instant line_free{};     ///< when the last bit of what was sent leaves
  };
  struct connection {
    socket ends[2];
  };
  using action = std::function<void()>;

  instant now_{};
  seeded_random random_;
  secure::secret32 network_key_;
  sctp::stack stack_;
  std::vector<std::unique_ptr<host>> hosts_;
  std::map<std::pair<const host*, const host*>, cable> cables_;
  std::vector<std::shared_ptr<connection>> connections_;
  std::multimap<instant, action> agenda_;
  std::set<std::size_t> dirty_;  // by index: the same order in every run
  std::uint16_t next_port_ = 10000;

  friend class host;
  host& add(const std::string& name, bool member, duration survive, duration connect_timeout);
  void at(instant when, action what) { agenda_.emplace(when, std::move(what)); }
  void touch(const host& h) { dirty_.insert(h.index_); }
  void pump(host& h);
  void handle(host& h, const core::event& e);
  void dial(host& from, const core::dial_wanted& wanted);
  void connect(host& from, link_id link, host& to);
  void transmit(host& h);
  void send(const std::shared_ptr<connection>& c, int from, bytes data);
  void close(const std::shared_ptr<connection>& c, int end, const std::string& detail);
  std::pair<std::shared_ptr<connection>, int> find(const host& h, link_id link) const;
};

}  // namespace gof::test
