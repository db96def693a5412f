#include "dial/system_lookup.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>

namespace gof::dial {
namespace {

namespace io_error = boost::asio::error;
using boost::system::error_code;

error_code error_of(int code) {
  switch (code) {
    case 0: return {};
    case EAI_AGAIN: return io_error::host_not_found_try_again;
    case EAI_FAIL: return io_error::no_recovery;
    case EAI_MEMORY: return io_error::no_memory;
    case EAI_SYSTEM: return {errno, boost::system::system_category()};
    default: return io_error::host_not_found;
  }
}

std::optional<boost::asio::ip::address> address_of(const sockaddr* from) {
  if (from->sa_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(from);
    return boost::asio::ip::address_v4(ntohl(v4->sin_addr.s_addr));
  }
  if (from->sa_family != AF_INET6) return std::nullopt;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(from);
  boost::asio::ip::address_v6::bytes_type bytes;
  std::copy_n(std::begin(v6->sin6_addr.s6_addr), bytes.size(), bytes.begin());
  return boost::asio::ip::address_v6(bytes, v6->sin6_scope_id);
}

}  // namespace

lookup_answer system_lookup(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;  // otherwise each address is returned several times
  addrinfo* list = nullptr;
  const auto error = error_of(::getaddrinfo(name.c_str(), nullptr, &hints, &list));
  if (error) return {error, {}};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> held(list, &::freeaddrinfo);
  lookup_answer found;
  for (const auto* one = list; one; one = one->ai_next)
    if (const auto address = address_of(one->ai_addr))
      if (std::find(found.addresses.begin(), found.addresses.end(), *address) == found.addresses.end())
        found.addresses.push_back(*address);
  if (found.addresses.empty()) found.error = io_error::host_not_found;
  return found;
}

}  // namespace gof::dial
