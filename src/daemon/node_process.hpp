#pragma once

#include "control/request_handler.hpp"
#include "daemon/failure.hpp"
#include "daemon/settings.hpp"
#include "daemon/shutdown.hpp"
#include "daemon/state_dir.hpp"
#include "log/stderr_log.hpp"
#include "os/memory_trimmer.hpp"

#include <gof/node.hpp>

#include <array>
#include <functional>
#include <memory>
#include <vector>

namespace gof::daemon {

/// The key of the mesh that the node is a member of; empty: a guest.
using network_key = std::optional<std::array<std::uint8_t, 32>>;

/// The process of a node: the loop, the log, the node, its control socket, and their shutdown.
class node_process {
 public:
  node_process(const node_settings& options, const os::environment& variables);
  ~node_process();

  /// The first step: loads the key, and checks and raises what concerns descriptors.
  std::optional<failure> prepare();
  /// Creates the node. From now on a signal shuts `what` down, once run() is called.
  void start(shutdown::subject& what, const network_key& key);

  /// Reports the node's status on its control socket and to the service manager. `about` has what does not
  /// change; `what` adds the rest.
  std::optional<failure> open_control(control::node_status about, control::request_handler::describe what);

  /// Runs until the end, passes events to `handle`, and returns the exit code.
  int run(std::function<void(const node_event&)> handle);
  /// Ends run() with this exit code.
  void end(int code);

  boost::asio::io_context& io() { return io_; }
  gof::log::stderr_log& log() { return log_; }
  gof::node& node() { return *node_; }
  state::store& kept() { return kept_; }
  const std::string& name() const { return name_; }
  void tell_ready() { told_.ready(); }
  /// Whether everything that this node's connections were given has arrived.
  bool is_delivered() const;

 private:
  void await_event();
  void tell_manager();
  void look_at(const std::vector<node_snapshot::link>& links);

  node_settings options_;
  gof::log::stderr_log log_;  ///< first of all: it has to write what is logged after the loop
  /// Helper threads only post to it; sockets are used on its own thread alone, and need no locks.
  boost::asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  os::sd_notifier told_;
  state::store kept_;
  std::string name_;
  std::optional<identity> identity_;
  std::unique_ptr<gof::node> node_;
  std::function<void(const node_event&)> handle_;
  std::unique_ptr<shutdown> shutdown_;
  std::filesystem::path control_folder_;
  bool member_ = false;
  /// Since when there has been no link to another member.
  std::optional<forward::time_point> alone_;
  std::unique_ptr<control::request_handler> requests_;
  std::optional<boost::asio::steady_timer> manager_timer_;
  std::optional<os::memory_trimmer> memory_trimmer_;
};

}  // namespace gof::daemon
