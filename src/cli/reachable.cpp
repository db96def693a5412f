#include "cli/reachable.hpp"

#include "log/text.hpp"
#include "wire/address.hpp"
#include "wire/ticket.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netinet/in.h>

namespace gof::cli {
namespace {

namespace ip = boost::asio::ip;

struct range {
  std::uint32_t first;
  int bits;
  reach from;
};

/// RFC 6890: what of IPv4 is not reached from anywhere.
constexpr std::array<range, 9> special{{
    {0x00000000, 8, reach::nowhere},
    {0x7f000000, 8, reach::machine},
    {0x0a000000, 8, reach::network},
    {0xac100000, 12, reach::network},
    {0xc0a80000, 16, reach::network},
    {0x64400000, 10, reach::network},  // behind a carrier's NAT
    {0xa9fe0000, 16, reach::nowhere},
    {0xe0000000, 4, reach::nowhere},
    {0xf0000000, 4, reach::nowhere},
}};

reach reach_of(const ip::address_v4& address) {
  const auto number = address.to_uint();
  for (const auto& one : special)
    if (number >> (32 - one.bits) == one.first >> (32 - one.bits)) return one.from;
  return reach::anywhere;
}

reach reach_of(const ip::address_v6& address) {
  if (address.is_v4_mapped()) return reach_of(ip::make_address_v4(ip::v4_mapped, address));
  if (address.is_loopback()) return reach::machine;
  const auto first = address.to_bytes()[0];
  if ((first & 0xfe) == 0xfc) return reach::network;  // unique local, RFC 4193
  return (first & 0xe0) == 0x20 ? reach::anywhere : reach::nowhere;
}

bool is_wildcard(const ip::address& address) {
  return address.is_unspecified();
}

/// A host name may lead anywhere: who wrote it knows.
reach reach_of_host(const std::string& host) {
  boost::system::error_code is_name;
  ip::make_address(host, is_name);
  if (is_name) return host == "localhost" ? reach::machine : reach::anywhere;
  return gof::cli::reach_of(host);
}

/// As many members as a guest keeps links to.
constexpr std::size_t places_of_members = 2;

struct candidate {
  reach from;
  std::string text;
};

void add(std::vector<candidate>& to, const std::string& host, std::uint16_t port) {
  const auto from = reach_of_host(host);
  auto text = log::address_text(host, port);
  const bool known = std::any_of(to.begin(), to.end(), [&](const auto& one) { return one.text == text; });
  if (from != reach::nowhere && !known) to.push_back({from, std::move(text)});
}

}  // namespace

reach reach_of(const std::string& address) {
  boost::system::error_code error;
  const auto parsed = ip::make_address(address, error);
  if (error) return reach::nowhere;
  return parsed.is_v4() ? reach_of(parsed.to_v4()) : reach_of(parsed.to_v6());
}

std::vector<std::string> interface_addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> held(list, &::freeifaddrs);
  std::vector<std::string> found;
  for (const auto* one = list; one; one = one->ifa_next) {
    if (!one->ifa_addr || (one->ifa_flags & IFF_UP) == 0) continue;
    std::array<char, INET6_ADDRSTRLEN> text{};
    const auto family = one->ifa_addr->sa_family;
    const void* address = nullptr;
    if (family == AF_INET) address = &reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr;
    if (family == AF_INET6) address = &reinterpret_cast<const sockaddr_in6*>(one->ifa_addr)->sin6_addr;
    if (address && ::inet_ntop(family, address, text.data(), text.size())) found.emplace_back(text.data());
  }
  return found;
}

std::vector<std::string> texts_of(const std::vector<listening>& at) {
  std::vector<std::string> all;
  for (const auto& one : at) all.push_back(log::address_text(one.host, one.port));
  return all;
}

std::vector<std::string> ticket_addresses(const std::vector<listening>& at,
                                          const std::vector<std::string>& own) {
  std::vector<candidate> candidates;
  for (const auto& one : at) {
    boost::system::error_code is_name;
    const auto address = ip::make_address(one.host, is_name);
    if (is_name || !is_wildcard(address)) {
      add(candidates, one.host, one.port);
      continue;
    }
    for (const auto& host : own)
      if (ip::make_address(host).is_v4() == address.is_v4()) add(candidates, host, one.port);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.from < b.from; });
  std::vector<std::string> chosen;
  for (const auto& one : candidates) {
    if (one.from == reach::machine && !chosen.empty() && candidates.front().from != reach::machine) break;
    if (chosen.size() < wire::ticket::most_addresses) chosen.push_back(one.text);
  }
  return chosen;
}

std::vector<std::string> announced_addresses(const std::vector<std::string>& advertised,
                                             const std::vector<std::string>& detected,
                                             const std::vector<std::vector<std::string>>& members) {
  // The first of each before the second of any.
  std::vector<std::string> theirs;
  for (std::size_t turn = 0; turn < wire::ticket::most_addresses; ++turn)
    for (const auto& one : members)
      if (turn < one.size()) theirs.push_back(one[turn]);
  std::vector<std::string> all;
  const auto fill = [&all](const std::vector<std::string>& some, std::size_t most) {
    for (const auto& one : some)
      if (all.size() < most && std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  };
  const auto kept = std::min(theirs.size(), places_of_members);
  fill(advertised, wire::ticket::most_addresses);
  fill(detected, wire::ticket::most_addresses - kept);
  fill(theirs, wire::ticket::most_addresses);
  return all;
}

reach best_reach(const std::vector<std::string>& addresses) {
  auto best = reach::nowhere;
  for (const auto& text : addresses)
    if (const auto parsed = wire::address::parse(text)) best = std::min(best, reach_of_host(parsed->host));
  return best;
}

}  // namespace gof::cli
