#pragma once

#include "cli/arguments/parsed_command.hpp"
#include "daemon/failure.hpp"
#include "os/environment.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <memory>

namespace gof::cli {

/// Asks about a peer or a node: through a running node's control socket, or with a temporary node of our own,
/// as a guest by a ticket.
class query {
 public:
  virtual ~query() = default;
  /// Fails with 69: no node there; 77: refused; 128+n, without words: a signal.
  virtual daemon::outcome<boost::json::object> ask(const std::string& what) = 0;
  virtual void pause(std::chrono::milliseconds time) = 0;
};

/// For queries about the running node itself.
daemon::outcome<std::unique_ptr<query>> ask_node(const query_options& which,
                                                 const os::environment& variables);

/// For queries about a peer. `patience`: for one answer.
daemon::outcome<std::unique_ptr<query>> ask_about(const peer_source& peer, const query_options& which,
                                                  std::chrono::milliseconds patience,
                                                  const os::environment& variables);

}  // namespace gof::cli
