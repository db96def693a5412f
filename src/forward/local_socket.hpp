#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>

namespace gof::forward {

/// A connection of this machine: TCP or unix, whichever.
using local_socket = boost::asio::generic::stream_protocol::socket;

/// Not a unix socket.
bool is_tcp(local_socket& socket);

/// What the system holds against the socket, taken from it: after that reads see an end where there was none.
boost::system::error_code take_error(int socket);

/// Bytes that came and were not read. After a reset no more come, and these are still to be read.
std::size_t unread(local_socket& socket);

/// Bytes, or more, that were written and that the other end's kernel has not acknowledged; of a unix socket,
/// that the other end has not read. An end of ours that was sent does not count.
std::size_t unacknowledged(local_socket& socket, bool end_sent);

/// Its other end is on this machine.
bool is_near(const local_socket& socket);

/// Closes it so that its other end sees a reset (a unix socket has none: an end).
void abort_socket(local_socket& socket);

}  // namespace gof::forward
