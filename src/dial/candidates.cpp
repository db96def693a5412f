#include "dial/candidates.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace gof::dial {

namespace ip = boost::asio::ip;

std::vector<ip::address> known_addresses(const std::string& host) {
  if (host == "localhost") return {ip::address_v6::loopback(), ip::address_v4::loopback()};
  boost::system::error_code is_name;
  const auto numeric = ip::make_address(host, is_name);
  if (!is_name) return {numeric};
  in_addr old{};
  if (::inet_aton(host.c_str(), &old) != 0) return {ip::address_v4(ntohl(old.s_addr))};
  return {};
}

std::vector<ip::address> in_turns(const std::vector<ip::address>& found) {
  if (found.empty()) return {};
  std::vector<ip::address> first, second;
  for (const auto& one : found) (one.is_v6() == found.front().is_v6() ? first : second).push_back(one);
  std::vector<ip::address> order;
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) order.push_back(first[i]);
    if (i < second.size()) order.push_back(second[i]);
  }
  return order;
}

}  // namespace gof::dial
