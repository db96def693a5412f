#pragma once

#include "node/guest_list.hpp"
#include "node/link_table.hpp"
#include "node/waiting_packet.hpp"

#include <map>
#include <optional>

namespace gof::core {

/// Where to relay packets, and what to report to their senders otherwise. gof-protocol(7), RELAYING.
class relay {
 public:
  /// The least payload of RELAY-DATA: a tag, SCTP's header and that of a DATA chunk. Smaller packets would
  /// cost a relay more than the credit they take.
  static constexpr std::size_t least_data = secure::tag_size + 12 + 16;
  static constexpr unsigned most_path_errors = 100;  ///< for each link, per second

  explicit relay(const node_id& self) : self_(self) {}

  struct decision {
    std::optional<link_id> to;
    bool refused = false;  ///< its sender is informed; otherwise a packet without a route is just dropped
  };
  decision decide(link_id from, const link::received& packet, const link_table& links,
                  const guest_list& guests, const mesh& gossip) const;
  /// The PATH-ERROR for a packet that came by this link; empty: none is due.
  std::optional<waiting_packet> error_for(instant now, link_id from, const link::received& packet,
                                          wire::reason why);
  void handle_link_down(link_id link) { errors_.erase(link); }

 private:
  struct count {
    std::int64_t second = 0;
    unsigned errors = 0;  ///< in that second
  };
  node_id self_;
  std::map<link_id, count> errors_;
};

}  // namespace gof::core
