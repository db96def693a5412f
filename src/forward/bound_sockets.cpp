#include "forward/bound_sockets.hpp"

#include "forward/port_holder.hpp"
#include "forward/tcp_ends.hpp"
#include "log/text.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include <array>
#include <optional>

namespace gof::forward {
namespace {

using log::address_text;

namespace io_error = boost::asio::error;
namespace ip = boost::asio::ip;
using boost::system::error_code;
using ip::tcp;

// Enough for a burst of clients; the kernel cuts it to its own limit.
constexpr int backlog = 4096;
/// A port that is free for one family may be taken for the other. Among so many, one is free for both.
constexpr std::size_t most_tries = 64;

std::string text_of(const tcp::endpoint& at) {
  return address_text(at.address().to_string(), at.port());
}

problem cannot(const std::string& where, const tcp::endpoint& at, error_code error) {
  const auto start = "cannot listen on " + where + ": ";
  if (error == io_error::address_in_use) {
    const auto holder = holder_of(at);
    return {
        start + "in use by " +
        (holder == this_process ? holder : "another program" + (holder.empty() ? "" : " (" + holder + ')')) +
        "; choose another port, or 0 for any"};
  }
  if (error == io_error::access_denied) return {start + "ports below 1024 are privileged; choose one above"};
  if (error == boost::system::errc::address_not_available)
    return {start + "this machine has no such address"};
  return {start + error.message()};
}

/// The machine lacks this address family, or it is disabled.
bool is_missing(error_code error) {
  return error == io_error::address_family_not_supported ||
         error == boost::system::errc::address_not_available ||
         error == boost::system::errc::protocol_not_supported;
}

tcp::endpoint where(const local_acceptor& socket) {
  error_code ignored;
  return tcp_endpoint(socket.local_endpoint(ignored)).value_or(tcp::endpoint());
}

result<bound_sockets> bind_one(const boost::asio::any_io_executor& on, const tcp::endpoint& at) {
  bound_sockets made;
  auto& socket = made.sockets.emplace_back(on);
  if (const auto error = bind_socket(socket, at)) return cannot(text_of(at), at, error);
  made.text = text_of(where(socket));
  return made;
}

using pair_of_addresses = std::array<ip::address, 2>;

/// Binds both families on one port, that of `first` before the other. Empty: the port that the system chose
/// is free for one of them only.
result<std::optional<bound_sockets>> try_pair(const boost::asio::any_io_executor& on,
                                              const pair_of_addresses& addresses, std::uint16_t port,
                                              std::size_t first) {
  std::array<std::optional<local_acceptor>, 2> bound;
  std::optional<problem> missing;
  auto chosen = port;
  for (const auto which : {first, 1 - first}) {
    const tcp::endpoint at(addresses[which], chosen);
    auto& socket = bound[which].emplace(on);
    const auto error = bind_socket(socket, at, true);
    if (!error) {
      chosen = where(socket).port();
      continue;
    }
    bound[which].reset();
    if (error == io_error::address_in_use && port == 0 && chosen != 0) return std::optional<bound_sockets>();
    if (!is_missing(error)) return cannot(text_of(at), at, error);
    if (!missing) missing = cannot(text_of(at), at, error);
  }
  bound_sockets made;
  for (auto& one : bound)
    if (one) made.sockets.push_back(std::move(*one));
  if (made.sockets.empty()) return *missing;
  made.text = text_of(where(made.sockets.front()));
  return std::optional(std::move(made));
}

/// Each try lets the other family choose: the system picks a port that is free for the family that asks.
result<bound_sockets> bind_pair(const boost::asio::any_io_executor& on, const pair_of_addresses& addresses,
                                std::uint16_t port) {
  for (std::size_t i = 0; i < most_tries; ++i) {
    auto tried = try_pair(on, addresses, port, i % 2);
    if (!tried) return tried.error();
    if (*tried) return std::move(**tried);
  }
  return problem{"cannot listen on " + text_of({addresses[0], 0}) +
                 ": no port is free for IPv4 and IPv6; name one"};
}

}  // namespace

error_code bind_socket(local_acceptor& socket, const boost::asio::generic::stream_protocol::endpoint& at,
                       bool only_v6) {
  error_code error;
  const auto family = at.protocol().family();
  socket.open(at.protocol(), error);
  if (!error && family != AF_UNIX) {
    socket.set_option(boost::asio::socket_base::reuse_address(true), error);
    // Accepted sockets inherit these two options. The second must be set before the connection exists, or the
    // first of two urgent bytes would be lost.
    if (!error) socket.set_option(ip::tcp::no_delay(true), error);
    if (!error) socket.set_option(boost::asio::socket_base::out_of_band_inline(true), error);
  }
  // Explicit, since the system's default varies.
  if (!error && family == AF_INET6) socket.set_option(ip::v6_only(only_v6), error);
  if (!error) socket.bind(at, error);
  if (!error) socket.listen(backlog, error);
  if (!error) socket.non_blocking(true, error);
  return error;
}

result<bound_sockets> bind_tcp(const boost::asio::any_io_executor& on, const local_endpoint& at,
                               const dial::host_names& names) {
  if (at.bind.empty())
    return bind_pair(on, {ip::address_v4::loopback(), ip::address_v6::loopback()}, at.port);
  if (at.bind == local_endpoint::every_address) {
    auto made = bind_pair(on, {ip::address_v4::any(), ip::address_v6::any()}, at.port);
    if (made) made->text = address_text(at.bind, where(made->sockets.front()).port());
    return made;
  }
  if (at.bind == "localhost") return bind_one(on, {ip::address_v4::loopback(), at.port});
  const auto found = names.addresses(at.bind);
  if (found.empty())
    return problem{"cannot listen on " + at.text() + ": " + error_code(io_error::host_not_found).message()};
  return bind_one(on, {found.front(), at.port});
}

}  // namespace gof::forward
