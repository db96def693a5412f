#include "daemon/ticket_addresses.hpp"

#include "daemon/address_scope.hpp"
#include "log/text.hpp"
#include "os/interface_addresses.hpp"
#include "wire/ticket.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace gof::daemon {
namespace {

namespace ip = boost::asio::ip;

bool is_wildcard(const ip::address& address) {
  return address.is_unspecified();
}

/// As many members as a guest keeps links to.
constexpr std::size_t places_of_members = 2;

struct candidate {
  address_scope from;
  std::string text;
};

void add(std::vector<candidate>& to, const std::string& host, std::uint16_t port) {
  const auto from = scope_of_host(host);
  auto text = log::address_text(host, port);
  const bool known = std::any_of(to.begin(), to.end(), [&](const auto& one) { return one.text == text; });
  if (from != address_scope::nowhere && !known) to.push_back({from, std::move(text)});
}

}  // namespace

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
    if (one.from == address_scope::machine && !chosen.empty() &&
        candidates.front().from != address_scope::machine)
      break;
    if (chosen.size() < wire::ticket::most_addresses) chosen.push_back(one.text);
  }
  return chosen;
}

std::vector<std::string> announced_addresses(const std::vector<std::string>& advertised,
                                             const std::vector<std::string>& detected,
                                             const std::vector<std::vector<std::string>>& members) {
  // The first address of each member before the second of any.
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

std::vector<std::string> advertised_addresses(const address_settings& asked, const std::vector<listening>& at,
                                              const std::vector<std::vector<std::string>>& members) {
  std::vector<std::string> advertised;
  for (const auto& one : asked.advertise) advertised.push_back(one.text());
  return announced_addresses(advertised, ticket_addresses(at, os::interface_addresses()), members);
}

}  // namespace gof::daemon
