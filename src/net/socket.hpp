#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>

namespace gof::net {

/// Asio's types with the loop's own executor, which avoids a virtual call per operation.
using boost::system::error_code;
using loop_executor = boost::asio::io_context::executor_type;
using tcp = boost::asio::ip::tcp;
using tcp_socket = boost::asio::basic_stream_socket<tcp, loop_executor>;
using tcp_acceptor = boost::asio::basic_socket_acceptor<tcp, loop_executor>;
using loop_timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, loop_executor>;

/// Sets the options of a link's socket; those that the system lacks are skipped.
void prepare_link(tcp_socket& socket);
/// Makes TCP measure the rate of a long path again, after a connection was idle. BBR remembers the rates of
/// the last ten round trips, and keep-alives alone give low ones; from those it grows only by a quarter in
/// eight round trips.
void forget_rate(tcp_socket& socket);

/// HOST:PORT or [IPV6]:PORT.
std::string text_of(const tcp::endpoint& where);

/// What caps on connections count by: the IPv4 address, or the IPv6 /64, since one machine has all of it.
std::string source_of(const boost::asio::ip::address& address);

}  // namespace gof::net
