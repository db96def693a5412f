#pragma once

#include "forward/local_socket.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <vector>

namespace gof::forward {

/// Both ends of a TCP connection of this machine. IPv4-mapped addresses are converted to IPv4.
struct tcp_ends {
  boost::asio::ip::tcp::endpoint local;
  boost::asio::ip::tcp::endpoint remote;
  bool operator==(const tcp_ends&) const = default;

  /// The same connection from the other end.
  tcp_ends turned() const { return {remote, local}; }
};

/// The ends of a connection from `local` to `remote`. Empty: not TCP.
std::optional<tcp_ends> ends_of(const local_socket::endpoint_type& local,
                                const local_socket::endpoint_type& remote);

/// The TCP address in a generic one; empty: of another family.
std::optional<boost::asio::ip::tcp::endpoint> tcp_endpoint(const local_socket::endpoint_type& from);

/// Whether the connection leads to one of these addresses, on which a program of this host listens.
bool leads_to(const tcp_ends& ends, const std::vector<boost::asio::ip::tcp::endpoint>& listening);

}  // namespace gof::forward
