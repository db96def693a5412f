#include "forward/tcp_ends.hpp"

#include <algorithm>
#include <cstring>

namespace gof::forward {
namespace {

namespace ip = boost::asio::ip;
using ip::tcp;

ip::address unmapped(const ip::address& from) {
  if (!from.is_v6() || !from.to_v6().is_v4_mapped()) return from;
  return ip::make_address_v4(ip::v4_mapped, from.to_v6());
}

/// The system treats a connection to the unspecified address as one to loopback.
ip::address reached(const ip::address& from) {
  if (!from.is_unspecified()) return from;
  if (from.is_v6()) return ip::address_v6::loopback();
  return ip::address_v4::loopback();
}

}  // namespace

std::optional<tcp::endpoint> tcp_endpoint(const local_socket::endpoint_type& from) {
  if (from.protocol().family() != AF_INET && from.protocol().family() != AF_INET6) return std::nullopt;
  tcp::endpoint made;
  // A generic endpoint has the same sockaddr as the TCP one.
  std::memcpy(made.data(), from.data(), std::min(from.size(), made.capacity()));
  made.address(unmapped(made.address()));
  return made;
}

std::optional<tcp_ends> ends_of(const local_socket::endpoint_type& local,
                                const local_socket::endpoint_type& remote) {
  const auto here = tcp_endpoint(local);
  auto there = tcp_endpoint(remote);
  if (!here || !there) return std::nullopt;
  there->address(reached(there->address()));
  return tcp_ends{*here, *there};
}

bool leads_to(const tcp_ends& ends, const std::vector<tcp::endpoint>& listening) {
  const auto& there = ends.remote.address();
  const bool here = there.is_loopback() || there == ends.local.address();
  return std::any_of(listening.begin(), listening.end(), [&](const tcp::endpoint& one) {
    if (one.port() != ends.remote.port()) return false;
    if (one.address().is_unspecified()) return here && one.address().is_v6() == there.is_v6();
    return one.address() == there;
  });
}

}  // namespace gof::forward
