#include "daemon/ticket_maker.hpp"

#include "forward/target.hpp"

#include <algorithm>

namespace gof::daemon {

std::array<std::uint8_t, 32> array_of(const secure::secret32& key) {
  std::array<std::uint8_t, 32> copy{};
  std::copy_n(key.view().begin(), copy.size(), copy.begin());
  return copy;
}

outcome<gof::ticket> make_ticket(const gof::node& node, const state::grant& granted,
                                 const std::vector<std::string>& addresses) {
  std::vector<gof::ticket::service> services;
  for (const auto& one : granted.services) {
    const auto target = forward::target::parse(one.target);
    services.push_back({one.name, target ? target->port : std::uint16_t{0}});
  }
  const gof::grant plain{granted.id.value, array_of(granted.token)};
  boost::system::error_code error;
  auto made = node.issue(plain, services, addresses, error);
  if (!made) return failure{failed, "no ticket can be made: " + error.message()};
  return std::move(*made);
}

}  // namespace gof::daemon
