#pragma once

#include "base/id.hpp"
#include "base/time.hpp"

#include <optional>
#include <vector>

namespace gof::core {

/// Sessions that others began with us, and whose handshake has not yet shown that the node they name exists.
/// Each holds a TLS handshake for up to 10 seconds, and any holder of a key can begin one in any node's name.
/// So there is room for few, and what one link or ticket has filled is taken back from that link or ticket
/// alone. gof-protocol(7), SESSIONS.
class half_open {
 public:
  static constexpr std::size_t most = 64;           ///< in total, 48 KB each
  static constexpr std::size_t most_of_link = 32;   ///< that came by one link
  static constexpr std::size_t most_of_grant = 16;  ///< under one ticket's key
  /// Until then an attempt is not given up for another of its origin, or of an origin with as many. An honest
  /// one is complete after one round trip; one that was not taken is repeated after 0.5, 1 and 2 seconds.
  static constexpr duration least_time = 1s;

  /// The origin that an attempt is charged to. The labels lead back to its sender, the nearest relay's first.
  /// Each relay wrote its own, so a sender can only invent the labels after that of its own link.
  struct origin {
    link_id link;
    std::vector<std::uint16_t> labels;
    std::optional<grant_id> grant;  ///< empty: it came under the network key
  };
  struct verdict {
    bool taken = false;
    std::vector<node_id> gone;  ///< given up to make room for it
  };

  /// Takes in an attempt that begins. Over a limit one of those that share it is given up: at each fork of
  /// their paths the branch with the most is chosen, and in it the oldest.
  verdict enter(instant now, const node_id& node, const origin& from);
  /// Removes those for which `is_open` does not hold: they were proved, or are over.
  template <class Predicate>
  void tidy(Predicate is_open) {
    std::erase_if(all_, [&](const entry& one) { return !is_open(one.node); });
  }

  std::size_t size() const { return all_.size(); }

 private:
  struct entry {
    node_id node;
    origin from;
    instant since{};
  };
  using entries = std::vector<entry>;
  entries all_;  ///< at most `most`; the oldest first

  static entries sharing_a_cap(const entries& all, const origin& from);
  static const entry* victim(instant now, const entries& among, const origin& for_whom);
};

}  // namespace gof::core
