#pragma once

#include "dial/attempt.hpp"
#include "forward/dial_outcome.hpp"
#include "forward/local_socket.hpp"
#include "forward/target.hpp"
#include "forward/tcp_ends.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace gof::forward {

/// A connection to a target.
struct target_connection {
  local_socket socket;
  std::optional<tcp_ends> ends;   ///< none: not of TCP
  std::shared_ptr<void> watched;  ///< what the dial's watcher gave for it
};

/// Either a connection or why there is none.
using dial_handler = std::function<void(std::optional<target_connection>, const dial_failure&)>;

/// Told of each TCP connection that is begun, before it stands; what it gives is held until the
/// connection is closed.
using dial_watcher = std::function<std::shared_ptr<void>(const tcp_ends&)>;

/// Dials a target, all of it within the limit. The handler is called once, never from here, and not after
/// cancel().
std::shared_ptr<dial::attempt> dial_target(const boost::asio::any_io_executor& on, const target& to,
                                           std::chrono::milliseconds limit, dial_handler done,
                                           dial_watcher begun = {});

}  // namespace gof::forward
