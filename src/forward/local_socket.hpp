#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>

namespace gof::forward {

/// A local connection, over TCP or a unix socket.
using local_socket = boost::asio::generic::stream_protocol::socket;

/// False for a unix socket.
bool is_tcp(local_socket& socket);

/// Takes the pending error off the socket. Later reads then see the end of data instead.
boost::system::error_code take_error(int socket);

/// Received bytes that were not read yet. After a reset no more arrive, but these can still be read.
std::size_t unread(local_socket& socket);

/// Written bytes (or more) that the other end's kernel has not acknowledged; on a unix socket, that the other
/// end has not read. With `end_sent` our own FIN does not count.
std::size_t unacknowledged(local_socket& socket, bool end_sent);

/// Whether the other end is on this machine.
bool is_near(const local_socket& socket);

/// Closes the socket with a reset (on a unix socket, which has none, with an end).
void abort_socket(local_socket& socket);

}  // namespace gof::forward
