#pragma once

#include "base/problem.hpp"
#include "dial/host_names.hpp"
#include "forward/spec.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

namespace gof::forward {

using local_acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

/// The listening TCP sockets of one forward: one, or one for each family on the same port.
struct bound_sockets {
  std::vector<local_acceptor> sockets;
  std::string text;  ///< the actual address and port, of two the first: "127.0.0.1:2222"
};

/// Binds and listens. If `at` is a host name, `names` must have it. A family that this machine lacks is
/// skipped if the other one works. The problem says which address cannot be bound, and which process uses it.
result<bound_sockets> bind_tcp(const boost::asio::any_io_executor& on, const local_endpoint& at,
                               const dial::host_names& names);

/// Binds a socket and listens on it.
boost::system::error_code bind_socket(local_acceptor& socket,
                                      const boost::asio::generic::stream_protocol::endpoint& at,
                                      bool only_v6 = false);

}  // namespace gof::forward
