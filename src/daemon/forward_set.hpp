#pragma once

#include "daemon/failure.hpp"
#include "daemon/listen_lookup.hpp"
#include "daemon/node_process.hpp"
#include "daemon/plan.hpp"
#include "daemon/resolved_peer.hpp"
#include "forward/client.hpp"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace gof::daemon {

/// The forwards of `gof run`, to any number of peers, which change with its file. All arguments must outlive
/// this object.
class forward_set {
 public:
  /// What the file asks of one peer.
  struct wanted {
    std::vector<resolved_peer> tickets;  ///< without a ticket: a peer of this node's mesh
    std::vector<forward::forwarding> forwards;
  };
  using peers = std::map<gof::peer, wanted>;

  /// Reads the tickets. A problem begins with the place in the file that names the ticket.
  static outcome<peers> read(const std::vector<forward_rule>& rules);
  /// All tickets must be of one mesh, and of this node's mesh; `ours` is empty if it is a member of none.
  static std::optional<failure> check_mesh(const peers& all, const std::string& ours);

  /// `ready` is called once, when all current forwards have been ready.
  forward_set(node_process& process, const forward::keep_alive& alive, std::function<void()> ready)
      : process_(process), alive_(alive), ready_(std::move(ready)) {}

  /// The hosts that the forwards in `all` listen on, without those of current forwards.
  listen_hosts hosts(const peers& all) const;

  /// Replaces all forwards: binds new listeners and closes those no longer listed; open connections continue.
  /// `names`: the addresses of hosts(). All or nothing: the problem says what failed.
  std::optional<problem> want(peers all, const dial::host_names& names);

  /// False: the event concerns a peer whose services are not forwarded here.
  bool handle_event(const node_event& event);

  std::vector<forward::forward_report> report() const;
  std::size_t connections() const;
  std::uint64_t under_way() const;
  void drain();
  void abort_all();

 private:
  struct held {
    wanted what;
    std::unique_ptr<forward::client> client;
    bool ready = false;
  };

  held& hold(const gof::peer& who);
  std::optional<problem> exchange(const peers& from, const peers& to);
  std::optional<problem> reach(const wanted& what);
  void leave(const wanted& what, const wanted& now);
  void check_ready();

  node_process& process_;
  forward::keep_alive alive_;
  std::function<void()> ready_;
  std::map<gof::peer, held> held_;
  dial::host_names names_;  ///< of the current forwards
};

}  // namespace gof::daemon
