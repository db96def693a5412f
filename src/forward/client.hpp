#pragma once

#include "forward/local_forward.hpp"
#include "log/repeat_filter.hpp"

#include <functional>
#include <vector>

namespace gof::forward {

/// Listeners for services of one peer, which come and go, and what is told of them. `node` and `log` outlive
/// it.
class client final : private local_forward::delegate {
 public:
  struct handlers {
    std::function<void()> ready;  ///< all forwards that stood have been ready; once
    /// The peer refuses for good and not all forwards were ready: the program ends. Empty: nothing that the
    /// peer answers ends anything, it is told and tried again.
    std::function<void(boost::system::error_code)> refused;
  };

  /// `alive`: for the connections of programs here.
  client(gof::node& node, const gof::peer& to, log::logger& log, handlers tell, const keep_alive& alive = {});
  ~client() override;

  /// Binds them all, or none: the problem says which and why. Names that they listen on are among `names`.
  /// Connections are taken from start() on. After drain() nothing is bound.
  std::optional<problem> add(const std::vector<forwarding>& forwards, const dial::host_names& names = {});
  /// Its place is free at once; its connections go on. Nothing happens for one that does not stand.
  void remove(const forwarding& one);
  /// Those that stand, in the order they were added.
  std::vector<forwarding> forwardings() const;
  void start();
  void handle_event(const node_event& event);

  /// Listeners closed; connections that stand go on.
  void drain();
  void abort_all() { pumps_.abort_all(); }
  std::size_t connections() const { return pumps_.size(); }
  /// Bytes of theirs that one side's local end has yet to take.
  std::uint64_t under_way() const { return pumps_.under_way(); }
  /// By probes and connections, and by whether the peer answers at this moment.
  std::vector<forward_report> report() const;
  std::string peer_name() const override;

 private:
  using clock = std::chrono::steady_clock;

  gof::node& node() override { return node_; }
  const gof::peer& peer() const override { return peer_; }
  std::string path_words() const override;
  void handle_ready() override;
  void handle_waiting() override;
  bool handle_refused(boost::system::error_code why, const std::string& line) override;

  void handle_up(const node_event& event);
  void handle_unreachable(const node_event& event);
  void handle_over(const node_event& event);
  bool end(boost::system::error_code why, const std::string& line, const log::fields& what);
  void learn_of_peer();
  void tell_if_all_ready();

  gof::node& node_;
  gof::peer peer_;
  log::logger& log_;
  handlers tell_;
  pump_set pumps_;
  std::vector<std::shared_ptr<local_forward>> forwards_;
  std::string name_;     ///< the peer's, once it told
  std::string reached_;  ///< the node of the peer that new connections go to
  log::repeat_filter unreached_;
  time_point lost_{};            ///< since when the peer does not answer; only while it was reached before
  clock::time_point told_at_{};  ///< when a line last said that it is not reached
  bool started_ = false;
  bool all_ready_ = false;  ///< were, once
  bool draining_ = false;
  bool ended_ = false;
};

}  // namespace gof::forward
