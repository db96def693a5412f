#include "forward/authorization.hpp"

#include <algorithm>

namespace gof::forward {
namespace {

constexpr char by_grant = 'g';  // followed by the grant
constexpr char by_peer = 'p';   // followed by the peer's key and the service

}  // namespace

bool authorization::is_valid(const access_policy& grants) const {
  return grant ? grants.find(*grant).has_value() : grants.allows(peer, service);
}

std::string authorization::label() const {
  std::string text(1, grant ? by_grant : by_peer);
  if (grant) return text.append(grant->begin(), grant->end());
  return text.append(peer.key().begin(), peer.key().end()).append(service);
}

authorization authorization::of(std::string_view label) {
  authorization made;
  const auto rest = label.substr(std::min<std::size_t>(label.size(), 1));
  if (label.starts_with(by_grant)) {
    made.grant.emplace();
    std::copy_n(rest.begin(), std::min(rest.size(), made.grant->size()), made.grant->begin());
    return made;
  }
  std::array<std::uint8_t, 32> key{};
  const auto size = std::min(rest.size(), key.size());
  std::copy_n(rest.begin(), size, key.begin());
  made.peer = gof::peer(key);
  made.service = rest.substr(size);
  return made;
}

}  // namespace gof::forward
