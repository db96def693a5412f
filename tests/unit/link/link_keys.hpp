#pragma once

#include "link/frame_reader.hpp"
#include "link/opening.hpp"
#include "support/seeded_random.hpp"

#include <optional>
#include <string>

namespace gof::core {

/// What both ends know before they connect: alice dials, bob listens.
struct link_keys {
  test::seeded_random random{7};
  secure::identity alice = secure::identity::generate(random);
  secure::identity bob = secure::identity::generate(random);
  secure::secret32 network_key = [this] {
    secure::secret32 key;
    random.fill(key.writable());
    return key;
  }();

  link_credentials member() const { return {network_key, wire::link_role::member, {}, {}}; }
  link_credentials guest() {
    const auto grant = random.draw<grant_id>();
    return {secure::guest_link_key(network_key, bob.id(), grant), wire::link_role::guest, bob.id(), grant};
  }
};

/// The names of the frames in `data`, repeats once: "CRYPTO PROOF".
inline std::string names_of_frames(const_bytes data) {
  std::string all;
  std::string last;
  for (bytes left(data.begin(), data.end()); !left.empty();) {
    const auto f = wire::frame::decode(left);
    const auto size = f ? wire::frame::prefix_size + f->length : SIZE_MAX;
    if (size > left.size()) return all + "...";
    const auto type = static_cast<wire::frame_type>(f->type);
    const std::string name = type == wire::frame_type::crypto    ? "CRYPTO"
                             : type == wire::frame_type::refused ? "REFUSED"
                             : type == wire::frame_type::proof   ? "PROOF"
                             : type == wire::frame_type::bye     ? "BYE"
                                                                 : "?";
    if (name != last) all += (all.empty() ? "" : " ") + name;
    last = name;
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(size));
  }
  return all;
}

}  // namespace gof::core
