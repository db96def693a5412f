#pragma once

#include "mesh/mesh.hpp"
#include "node/link_table.hpp"
#include "secure/derive.hpp"
#include "support/polling.hpp"
#include "support/seeded_random.hpp"
#include "unit/mesh/signing.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gof::core {

/// A node's link table, with the events it reported. It introduces each link that comes up, as a node does.
struct link_end {
  explicit link_end(std::uint64_t seed) : random(seed) {}

  test::seeded_random random;
  author who{random};
  secure::identity& self = who.self;
  instance_id& instance = who.instance;
  node_id node = who.node();
  std::optional<secure::secret32> key = secure::secret32(bytes(32, 7));
  link_table links{self, instance, node, key, random};
  std::vector<link_table::event> events;

  void poll(instant now) {
    while (auto e = links.poll_event(now)) {
      if (const auto* up = std::get_if<link_table::came_up>(&*e)) links.introduce(up->link);
      if (const auto* in = std::get_if<link_table::notice>(&*e))
        if (in->what.type == wire::frame_type::label) links.handle_label(in->link, in->what.body);
      events.push_back(*e);
    }
  }
  template <class Event>
  const Event* first() const {
    return test::first_of<Event>(events);
  }
};

/// Passes bytes between the two ends of a link until neither has more.
inline void settle(instant now, link_end& one, link_id its, link_end& other, link_id others) {
  const auto carry = [now](link_end& from, link_id out, link_end& to, link_id in) {
    auto data = from.links.poll_transmit(out);
    if (data.empty()) return false;
    to.links.handle_bytes(now, in, data);
    to.poll(now);
    return true;
  };
  test::until_silent([&] { return carry(one, its, other, others); },
                     [&] { return carry(other, others, one, its); });
}

/// Makes a link that `from` dials. Returns its id at both ends.
inline std::pair<link_id, link_id> connect(instant now, link_end& from, link_end& to,
                                           const link_credentials& with) {
  const auto here = from.links.add_dial(1, "203.0.113.2:1");
  const auto there = to.links.accept(now, "203.0.113.1").value();
  from.links.handle_connected(now, here, with);
  settle(now, from, here, to, there);
  return {here, there};
}
inline std::pair<link_id, link_id> connect(instant now, link_end& from, link_end& to) {
  return connect(now, from, to, {*from.key, wire::link_role::member, {}, {}});
}
/// The same as a guest with a ticket of this issuer.
inline std::pair<link_id, link_id> connect_guest(instant now, link_end& from, link_end& to,
                                                 const peer_id& issuer) {
  const grant_id grant;
  return connect(now, from, to,
                 {secure::guest_link_key(*to.key, issuer, grant), wire::link_role::guest, issuer, grant});
}

}  // namespace gof::core
