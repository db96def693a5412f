#include "daemon/membership.hpp"

#include "daemon/address_scope.hpp"
#include "daemon/ticket_maker.hpp"
#include "wire/record_profile.hpp"

#include <algorithm>

namespace gof::daemon {
namespace {

/// The newest grants, as many as a record holds.
std::vector<std::array<std::uint8_t, 16>> newest(const std::vector<grant_id>& withdrawn) {
  const auto count = std::min(withdrawn.size(), wire::record_profile::most_withdrawn);
  std::vector<std::array<std::uint8_t, 16>> some;
  for (auto one = withdrawn.end() - static_cast<std::ptrdiff_t>(count); one != withdrawn.end(); ++one)
    some.push_back(one->value);
  return some;
}

}  // namespace

outcome<network_key> membership::prepare() {
  auto joined = read_bootstrap(settings_.mesh.join);
  if (!joined) return joined.error();
  joined_ = std::move(*joined);
  const auto key = member_key(settings_.mesh, joined_, process_.kept(), random_, process_.log());
  if (!key) return key.error();
  key_ = *key;
  return network_key(array_of(key_));
}

std::optional<failure> membership::begin(const std::vector<listening>& at,
                                         const std::vector<std::string>& services,
                                         const std::vector<grant_id>& withdrawn) {
  addresses_ = advertised_addresses(settings_.address, at, joined_.places);
  boost::system::error_code error;
  told_ = {services, advertised_addresses(settings_.address, at, {}), newest(withdrawn)};
  process_.node().publish(told_, error);
  for (const auto& place : joined_.places)
    if (!error) process_.node().join(place, error);
  if (error) return failure{failed, "the mesh cannot be joined: " + error.message()};
  return std::nullopt;
}

void membership::tell_services(const std::vector<std::string>& names) {
  told_.services = names;
  boost::system::error_code closed;
  process_.node().publish(told_, closed);
}

void membership::tell_withdrawn(const std::vector<grant_id>& withdrawn) {
  told_.withdrawn = newest(withdrawn);
  boost::system::error_code closed;  // begin() has validated the rest
  process_.node().publish(told_, closed);
}

void membership::warn_of_scope() const {
  if (joins()) return;
  if (const auto words = scope_warning(widest_scope(addresses_)); !words.empty())
    process_.log().write(log::level::warning, words);
}

}  // namespace gof::daemon
