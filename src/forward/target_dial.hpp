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
  std::optional<tcp_ends> ends;   ///< empty: not TCP
  std::shared_ptr<void> watched;  ///< returned by the dial's watcher
};

/// Called with a connection, or with the reason that there is none.
using dial_handler = std::function<void(std::optional<target_connection>, const dial_failure&)>;

/// Called for each TCP connection when it is begun, before it is established. What it returns is kept until
/// that connection is closed.
using dial_watcher = std::function<std::shared_ptr<void>(const tcp_ends&)>;

/// Dials a target within the limit, its name look-up included. The handler is called once; never from within
/// this function, and never after cancel().
std::shared_ptr<dial::attempt> dial_target(const boost::asio::any_io_executor& on, const target& to,
                                           std::chrono::milliseconds limit, dial_handler done,
                                           dial_watcher begun = {});

}  // namespace gof::forward
