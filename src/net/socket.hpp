#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>

namespace gof::net {

/// Asio's parts bound to the loop's own executor: no virtual call a step.
using boost::system::error_code;
using loop_executor = boost::asio::io_context::executor_type;
using tcp = boost::asio::ip::tcp;
using tcp_socket = boost::asio::basic_stream_socket<tcp, loop_executor>;
using tcp_acceptor = boost::asio::basic_socket_acceptor<tcp, loop_executor>;
using loop_timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, loop_executor>;

/// What every link's socket is set to; what the system does not have is left out.
void prepare_link(tcp_socket& socket);
/// The socket looks for the rate of a long path as at its beginning. For one that was idle: BBR keeps what it
/// saw for ten round trips, each keep-alive is one, and from what little is left it grows by a quarter in
/// eight.
void forget_rate(tcp_socket& socket);

/// HOST:PORT or [IPV6]:PORT.
std::string text_of(const tcp::endpoint& where);

/// By whom caps are counted: an address, of IPv6 its /64, since one machine has all of that.
std::string source_of(const boost::asio::ip::address& address);

}  // namespace gof::net
