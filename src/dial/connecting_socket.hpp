#pragma once

#include "dial/socket_share.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace gof::dial {

using socket = boost::asio::generic::stream_protocol::socket;

/// A socket that is connecting to an address. Its handler may hold it longer than the attempt does.
struct connecting_socket {
  using endpoint = boost::asio::generic::stream_protocol::endpoint;

  endpoint from;  ///< the system chooses it when the connection is begun
  endpoint to;
  dial::socket socket;
  std::shared_ptr<void> watched;
  std::optional<socket_share::place> place;
  std::chrono::steady_clock::time_point started;

  /// Begins to connect to this address. The socket may be connected already; empty: `number` is the system's
  /// error.
  static std::optional<dial::socket> begin(const boost::asio::any_io_executor& on, const endpoint& to,
                                           int& number);

  bool is_open() const { return place.has_value(); }
  /// How it ended, and the address of the other end; empty: it has not ended yet.
  std::optional<boost::system::error_code> result(endpoint& other);
  void close();
};

bool is_unix(const connecting_socket::endpoint& where);
/// A generic endpoint has the same sockaddr as the one it was made from.
boost::asio::ip::tcp::endpoint tcp_of(const connecting_socket::endpoint& where);

}  // namespace gof::dial
