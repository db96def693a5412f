#pragma once

#include "node/guest_list.hpp"
#include "node/link_table.hpp"
#include "node/waiting_packet.hpp"

#include <map>
#include <optional>

namespace gof::core {

/// Where others' packets go on, and what their senders are told if they do not. gof-protocol(7), RELAYING.
class relay {
 public:
  /// Payload of RELAY-DATA: a tag, SCTP's header and that of a DATA chunk. What is smaller would cost a relay
  /// more than the credit that it takes.
  static constexpr std::size_t least_data = secure::tag_size + 12 + 16;
  static constexpr unsigned most_path_errors = 100;  ///< a second and link

  explicit relay(const node_id& self) : self_(self) {}

  struct decision {
    std::optional<link_id> to;
    bool refused = false;  ///< its sender is told; else what goes nowhere is dropped
  };
  decision decide(link_id from, const link::received& packet, const link_table& links,
                  const guest_list& guests, const mesh& gossip) const;
  /// PATH-ERROR for a packet that came by this link; empty: none is due.
  std::optional<waiting_packet> error_for(instant now, link_id from, const link::received& packet,
                                          wire::reason why);
  void handle_link_down(link_id link) { errors_.erase(link); }

 private:
  struct count {
    std::int64_t second = 0;
    unsigned errors = 0;  ///< in it
  };
  node_id self_;
  std::map<link_id, count> errors_;
};

}  // namespace gof::core
