#pragma once

#include "daemon/listen_lookup.hpp"
#include "daemon/node_process.hpp"
#include "daemon/ticket_addresses.hpp"
#include "log/event_log.hpp"

namespace gof::daemon {

/// What the commands that run a node have in common: how they start, step by step, what their status says,
/// and how they end. Each fills in the steps that are its own. What it is made from outlives it.
class node_command : private shutdown::subject {
 public:
  /// The exit code, when the node has ended; a failure: it did not start.
  outcome<int> run();

 protected:
  /// `name`: the command's; empty: it has no control socket.
  node_command(const char* name, const settings& all, const os::environment& variables);
  ~node_command() override = default;

  // The steps, in this order. The first that fails is the last.

  /// What was asked for is read, and nothing is made.
  virtual std::optional<failure> read() { return std::nullopt; }
  /// The peer has its key; of which mesh is it?
  virtual outcome<network_key> prepare() = 0;
  /// Names are looked up, into names_: what they are listened on for, besides links.
  virtual listen_hosts hosts() const { return {}; }
  /// There is a node, which nobody reaches yet.
  virtual std::optional<failure> open() { return std::nullopt; }
  /// Links are accepted, at at_; without an address that was asked for, at the port kept.
  virtual bool accepts_links() const { return !settings_.address.no_listen; }
  virtual outcome<std::vector<listening>> listen();
  /// There is a control socket: what the command adds to the status of its node.
  virtual std::string mesh() const { return {}; }
  virtual void describe(control::node_status&) const {}
  /// The node joins others, and does what it is for.
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
