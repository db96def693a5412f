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

/// The forwards of `gof run`, to any number of peers, which come and go with its file. What it is made from
/// outlives it.
class forward_set {
 public:
  /// What is wanted of one peer.
  struct wanted {
    std::vector<resolved_peer> tickets;  ///< one without a ticket: a peer of our own mesh
    std::vector<forward::forwarding> forwards;
  };
  using peers = std::map<gof::peer, wanted>;

  /// Tickets are read; the problem begins with where the file names them.
  static outcome<peers> read(const std::vector<forward_rule>& rules);
  /// All tickets are of one mesh, and of this node's; empty: it is in none of its own.
  static std::optional<failure> check_mesh(const peers& all, const std::string& ours);

  /// `ready`: told once, when all that stand have been ready.
  forward_set(node_process& process, const forward::keep_alive& alive, std::function<void()> ready)
      : process_(process), alive_(alive), ready_(std::move(ready)) {}

  /// Where those of `all` that do not stand yet are to listen.
  listen_hosts hosts(const peers& all) const;

  /// From now on these and no others: new listeners are bound, those of others closed; connections go on.
  /// `names`: the addresses of hosts(). All or nothing: the problem says what stands in the way.
  std::optional<problem> want(peers all, const dial::host_names& names);

  /// False: of somebody whose services nobody here wants.
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
  dial::host_names names_;  ///< of what stands
};

}  // namespace gof::daemon
