#include "support/layout.hpp"

#include <algorithm>
#include <string>

namespace gof::test {

layout::layout(world& in, std::mt19937_64& dice, duration survive, duration connect_timeout)
    : world_(in), dice_(dice) {
  const auto many = 2 + below(3);
  for (std::size_t i = 0; i + many < nodes; ++i) {
    const auto name =
        i < servers ? "server" + std::to_string(i + 1) : "relay" + std::to_string(i - servers + 1);
    members.push_back(&world_.add_member(name, survive, connect_timeout));
  }
  connect_members();
  for (std::size_t i = 0; i < many; ++i) {
    guests.push_back(&world_.add_guest("guest" + std::to_string(i + 1), survive, connect_timeout));
    add_holder(*guests.back(), *members[below(servers)], 1 + below(2));
  }
  add_holder(*members[0], *members[1], 1);
  add_holder(*members[servers + below(members.size() - servers)], *members[below(servers)], 1);
}

/// A random tree, and a few more links.
void layout::connect_members() {
  auto order = members;
  std::shuffle(order.begin(), order.end(), dice_);
  for (std::size_t i = 1; i < order.size(); ++i) {
    auto& other = *order[below(i)];
    if (below(2) == 0)
      join(*order[i], other);
    else
      join(other, *order[i]);
  }
  for (auto more = below(5); more > 0; --more) join(any_member(), any_member());
}

/// The ticket names so many members, but not the server.
void layout::add_holder(host& holder, host& server, std::size_t addresses) {
  auto t = world_.ticket(server, {"web"}, static_cast<std::uint8_t>(holdings.size() + 1));
  t.addresses.clear();
  while (addresses > 0) {
    auto& at = any_member();
    if (&at == &server || &at == &holder) continue;
    while (distance(at, server) + 1 > most_links) join(at, any_member());
    add_cable(holder, at);
    t.addresses.push_back({at.name(), at.port()});
    --addresses;
  }
  holdings.push_back({&holder, &server, t});
}

void layout::add_cable(host& a, host& b) {
  const auto between = a.index() < b.index() ? pair(&a, &b) : pair(&b, &a);
  if (std::find(cables.begin(), cables.end(), between) == cables.end()) cables.push_back(between);
}

void layout::join(host& a, host& b) {
  if (&a == &b) return;
  add_cable(a, b);
  world_.join(a, b);
}

std::size_t layout::distance(const host& a, const host& b) const {
  std::map<const host*, std::size_t> far{{&a, 0}};
  for (std::size_t round = 0; round < nodes && !far.contains(&b); ++round)
    for (const auto& [x, y] : cables) {
      if (far.contains(x) && far[x] == round) far.emplace(y, round + 1);
      if (far.contains(y) && far[y] == round) far.emplace(x, round + 1);
    }
  return far.contains(&b) ? far[&b] : nodes;
}

}  // namespace gof::test
