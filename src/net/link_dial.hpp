#pragma once

#include "dial/attempt.hpp"
#include "net/socket.hpp"
#include "wire/address.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gof::net {

/// The connected socket, set up for a link; or none, and the addresses with the system's messages.
using link_dial_handler = std::function<void(std::optional<tcp_socket>, const std::string& why)>;

/// Dials an address for a link, within `limit`. The handler is called once; never from within dial_link(),
/// and never after cancel().
std::shared_ptr<dial::attempt> dial_link(boost::asio::io_context& io, const wire::address& to,
                                         std::chrono::milliseconds limit, link_dial_handler done);

}  // namespace gof::net
