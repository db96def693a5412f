#pragma once

#include "forward/local_socket.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <vector>

namespace gof::forward {

/// Both ends of a TCP connection of this machine, IPv4 as such also where a socket maps it into IPv6.
struct tcp_ends {
  boost::asio::ip::tcp::endpoint local;
  boost::asio::ip::tcp::endpoint remote;
  bool operator==(const tcp_ends&) const = default;

  /// Seen from the other side.
  tcp_ends turned() const { return {remote, local}; }
};

/// Of a connection from `local` to `remote`. Empty: not of TCP.
std::optional<tcp_ends> ends_of(const local_socket::endpoint_type& local,
                                const local_socket::endpoint_type& remote);

/// The TCP address in a generic one; empty: of another family.
std::optional<boost::asio::ip::tcp::endpoint> tcp_endpoint(const local_socket::endpoint_type& from);

/// Whether a connection with these ends came to one of the addresses that somebody on this host listens on.
bool leads_to(const tcp_ends& ends, const std::vector<boost::asio::ip::tcp::endpoint>& listening);

}  // namespace gof::forward
