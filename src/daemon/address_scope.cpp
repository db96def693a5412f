#include "daemon/address_scope.hpp"

#include "wire/address.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace gof::daemon {
namespace {

namespace ip = boost::asio::ip;

struct range {
  std::uint32_t first;
  int bits;
  address_scope from;
};

/// RFC 6890: the IPv4 ranges that cannot be reached from anywhere.
constexpr std::array<range, 9> special{{
    {0x00000000, 8, address_scope::nowhere},
    {0x7f000000, 8, address_scope::machine},
    {0x0a000000, 8, address_scope::network},
    {0xac100000, 12, address_scope::network},
    {0xc0a80000, 16, address_scope::network},
    {0x64400000, 10, address_scope::network},  // carrier-grade NAT
    {0xa9fe0000, 16, address_scope::nowhere},
    {0xe0000000, 4, address_scope::nowhere},
    {0xf0000000, 4, address_scope::nowhere},
}};

address_scope scope_of(const ip::address_v4& address) {
  const auto number = address.to_uint();
  for (const auto& one : special)
    if (number >> (32 - one.bits) == one.first >> (32 - one.bits)) return one.from;
  return address_scope::anywhere;
}

address_scope scope_of(const ip::address_v6& address) {
  if (address.is_v4_mapped()) return scope_of(ip::make_address_v4(ip::v4_mapped, address));
  if (address.is_loopback()) return address_scope::machine;
  const auto first = address.to_bytes()[0];
  if ((first & 0xfe) == 0xfc) return address_scope::network;  // unique local, RFC 4193
  return (first & 0xe0) == 0x20 ? address_scope::anywhere : address_scope::nowhere;
}

}  // namespace

address_scope scope_of(const std::string& address) {
  boost::system::error_code error;
  const auto parsed = ip::make_address(address, error);
  if (error) return address_scope::nowhere;
  return parsed.is_v4() ? scope_of(parsed.to_v4()) : scope_of(parsed.to_v6());
}

address_scope scope_of_host(const std::string& host) {
  boost::system::error_code is_name;
  ip::make_address(host, is_name);
  if (is_name) return host == "localhost" ? address_scope::machine : address_scope::anywhere;
  return scope_of(host);
}

address_scope widest_scope(const std::vector<std::string>& addresses) {
  auto best = address_scope::nowhere;
  for (const auto& text : addresses)
    if (const auto parsed = wire::address::parse(text)) best = std::min(best, scope_of_host(parsed->host));
  return best;
}

std::string scope_warning(address_scope best) {
  switch (best) {
    case address_scope::anywhere: return {};
    case address_scope::network:
      return "reachable only from this network; no address of this machine is public. Where one is forwarded "
             "to it, name that: --advertise HOST:PORT; else join a relay: --join TICKET";
    case address_scope::machine:
      return "reachable only from this machine; it listens on no other address. Name one: --listen HOST:PORT";
    case address_scope::nowhere:
      return "the ticket holds no address: this machine has none that others can dial";
  }
  return {};
}

}  // namespace gof::daemon
