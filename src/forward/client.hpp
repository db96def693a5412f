#pragma once

#include "forward/local_forward.hpp"
#include "log/repeat_filter.hpp"

#include <functional>
#include <vector>

namespace gof::forward {

/// The listeners for services of one peer, which can be added and removed, and the log lines about them.
/// `node` and `log` must outlive this object.
class client {
 public:
  struct handlers {
    std::function<void()> ready;  ///< every current forward has been ready; called once
    /// The peer refuses for good before all forwards were ready: the program must end. If this is empty, no
    /// answer of the peer ends the program: it is logged and tried again.
    std::function<void(boost::system::error_code)> refused;
  };

  /// `alive` applies to connections of local programs.
  client(gof::node& node, const gof::peer& to, log::logger& log, handlers tell, const keep_alive& alive = {});
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Binds all of them or none; the problem says which one failed, and why. `names` must have the host names
  /// that they listen on. Connections are accepted from start() on. After drain() nothing is bound.
  std::optional<problem> add(const std::vector<forwarding>& forwards, const dial::host_names& names = {});
  /// Frees the address at once; its open connections continue. Does nothing for an unknown forward.
  void remove(const forwarding& one);
  /// The current forwards, in the order in which they were added.
  std::vector<forwarding> forwardings() const;
  void start();
  void handle_event(const node_event& event);

  /// Closes the listeners; open connections continue.
  void drain();
  void abort_all() { pumps_.abort_all(); }
  std::size_t connections() const { return pumps_.size(); }
  /// Bytes of these connections that have not reached the program at the other end yet.
  std::uint64_t under_way() const { return pumps_.under_way(); }
  /// According to probes and connections, and to whether the peer answers now.
  std::vector<forward_report> report() const;
  std::string peer_name() const;

 private:
  using clock = std::chrono::steady_clock;

  std::string path_words() const;
  void handle_ready();
  void handle_waiting();
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
  local_forward::context shared_;
  std::vector<std::shared_ptr<local_forward>> forwards_;
  std::string name_;     ///< of the peer, once it is known
  std::string reached_;  ///< the node of the peer that new connections go to
  log::repeat_filter unreached_;
  std::string unreached_why_;    ///< since it was last reached; empty: not known
  time_point lost_{};            ///< when the peer stopped answering; valid only after it was reached once
  clock::time_point told_at_{};  ///< when the log last said that the peer is not reached
  bool started_ = false;
  bool all_ready_ = false;  ///< has been so once
  bool draining_ = false;
  bool ended_ = false;
};

}  // namespace gof::forward
