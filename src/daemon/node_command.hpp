#pragma once

#include "daemon/listen_lookup.hpp"
#include "daemon/node_process.hpp"
#include "daemon/ticket_addresses.hpp"
#include "log/event_log.hpp"

namespace gof::daemon {

/// What all commands that run a node have in common: how they start, step by step, what their status says,
/// and how they end. Each command overrides the steps that differ. All arguments must outlive this object.
class node_command : private shutdown::subject {
 public:
  /// Returns the exit code once the node has ended; a failure if it could not start.
  outcome<int> run();

 protected:
  /// `name`: of the command; empty: it has no control socket.
  node_command(const char* name, const settings& all, const os::environment& variables);
  ~node_command() override = default;

  // The steps, in this order. The first one that fails ends the start.

  /// Reads what was asked for, and creates nothing.
  virtual std::optional<failure> read() { return std::nullopt; }
  /// Besides the addresses for links, the hosts that must be looked up into names_.
  virtual listen_hosts hosts() const { return {}; }
  /// The peer's key is loaded: determines the network key.
  virtual outcome<network_key> prepare() = 0;
  /// The node exists, and cannot be reached yet.
  virtual std::optional<failure> open() { return std::nullopt; }
  /// Accepts links, at at_: at the addresses asked for, or else at the port kept.
  virtual bool accepts_links() const { return !settings_.address.no_listen; }
  virtual outcome<std::vector<listening>> listen();
  /// The control socket exists: what the command adds to the node's status.
  virtual std::string mesh() const { return {}; }
  virtual void describe(control::node_status&) const {}
  /// Joins the mesh, and starts the command's own work.
  virtual std::optional<failure> begin() = 0;

  virtual void handle_event(const node_event& event) { events_.write(event); }

  bool joins() const { return !settings_.mesh.join.empty(); }
  bool is_delivered() const final { return process_.is_delivered(); }

  const settings& settings_;
  node_process process_;
  dial::host_names names_;
  std::vector<listening> at_;

 private:
  std::optional<failure> start();

  std::string name_;
  log::event_log events_;
};

}  // namespace gof::daemon
