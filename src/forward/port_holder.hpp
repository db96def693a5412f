#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <string_view>

namespace gof::forward {

constexpr std::string_view this_process = "this process";

/// The process that listens on a TCP port of this machine: "nginx, pid 812", or this_process. Empty: this
/// process may not see it, or the system has no /proc.
std::string holder_of(const boost::asio::ip::tcp::endpoint& at);

}  // namespace gof::forward
