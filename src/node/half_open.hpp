#pragma once

#include "base/id.hpp"
#include "base/time.hpp"

#include <optional>
#include <vector>

namespace gof::core {

/// Sessions that others began with us and whose handshake has not shown yet that the node they name exists.
/// Each holds a TLS handshake for up to 10 seconds, and whoever has a key can begin one in any node's name.
/// So there is room for few, and what one link, or one ticket, has filled of it is taken back from that link
/// or ticket alone. gof-protocol(7), SESSIONS.
class half_open {
 public:
  static constexpr std::size_t most = 64;           ///< in all, at 48 KB each
  static constexpr std::size_t most_of_link = 32;   ///< that came by one link
  static constexpr std::size_t most_of_grant = 16;  ///< under one ticket's key
  /// An attempt does not go sooner for one of the same origin, or of an origin that has as many: one round
  /// trip completes an honest one, and those not taken repeat themselves after 0.5, 1 and 2 seconds.
  static constexpr duration least_time = 1s;

  /// Who an attempt is charged to. The labels lead back to its sender, the nearest relay's first. Each relay
  /// wrote its own, so that a sender can invent only those behind the label of its own link.
  struct origin {
    link_id link;
    std::vector<std::uint16_t> labels;
    std::optional<grant_id> grant;  ///< none: it came under the network key
  };
  struct verdict {
    bool taken = false;
    std::vector<node_id> gone;  ///< given up for it
  };

  /// Takes in an attempt that begins. Over a cap one of those that share it goes: at each fork of the paths
  /// they came by, one of the branch with the most; of those the oldest.
  verdict enter(instant now, const node_id& node, const origin& from);
  /// Those that `is_open` does not hold for have been proved, or are over.
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
  entries all_;  ///< most; the oldest first

  static entries sharing_a_cap(const entries& all, const origin& from);
  static const entry* victim(instant now, const entries& among, const origin& for_whom);
};

}  // namespace gof::core
