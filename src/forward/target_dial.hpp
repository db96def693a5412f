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

/// Either a connected socket or why there is none.
using dial_handler = std::function<void(std::optional<local_socket>, const dial_failure&)>;

/// Told of each TCP connection that is begun, before it stands; what it gives is held until the dial is over.
using dial_watcher = std::function<std::shared_ptr<void>(const tcp_ends&)>;

/// Dials a target, all of it within the limit. The handler is called once, never from here, and not after
/// cancel().
std::shared_ptr<dial::attempt> dial_target(const boost::asio::any_io_executor& on, const target& to,
                                           std::chrono::milliseconds limit, dial_handler done,
                                           dial_watcher begun = {});

}  // namespace gof::forward
