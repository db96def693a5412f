#include "cli/membership.hpp"

#include "cli/serve_words.hpp"
#include "cli/ticket_maker.hpp"

namespace gof::cli {

std::optional<failure> membership::prepare() {
  auto joined = read_joining(mesh_.join);
  if (!joined) return joined.error();
  joined_ = std::move(*joined);
  const auto key = member_key(mesh_, joined_, program_.kept(), random_, program_.log());
  if (!key) return key.error();
  key_ = *key;
  return std::nullopt;
}

std::array<std::uint8_t, 32> membership::network_key() const {
  return array_of(key_);
}

std::optional<failure> membership::begin(const std::vector<listening>& at,
                                         const std::vector<std::string>& services) {
  std::vector<std::string> advertised;
  for (const auto& one : place_.advertise) advertised.push_back(one.text());
  const auto detected = ticket_addresses(at, interface_addresses());
  addresses_ = announced_addresses(advertised, detected, joined_.places);
  boost::system::error_code error;
  program_.node().publish({services, announced_addresses(advertised, detected, {})}, error);
  for (const auto& place : joined_.places)
    if (!error) program_.node().join(place, error);
  if (error) return failure{failed, "the mesh cannot be joined: " + error.message()};
  return std::nullopt;
}

void membership::tell_reach() const {
  if (joins()) return;
  if (const auto words = reach_words(best_reach(addresses_)); !words.empty())
    program_.log().write(forward::level::warning, words);
}

}  // namespace gof::cli
