#pragma once

#include "base/id.hpp"
#include "link/link.hpp"
#include "node/shown_tickets.hpp"
#include "wire/address.hpp"
#include "wire/ticket.hpp"

#include <map>
#include <optional>
#include <vector>

namespace gof::core {

/// This node as a guest: which of our tickets each linked member was shown, and the addresses of other
/// members that it sent us.
class guest_pass {
 public:
  void handle_down(link_id link) { hosts_.erase(link); }
  /// The link was opened with this ticket.
  void handle_up(link_id link, const link::up& up) { hosts_[link].shown.add(up.issuer, up.grant); }
  /// The body of GRANT for this ticket; empty if the link was shown it already.
  std::optional<bytes> show(link_id link, const core::link& at, const wire::ticket& ticket);
  /// Handles NEIGHBOURS. False: the other side broke the protocol.
  bool handle_neighbours(link_id link, const_bytes body);
  /// The addresses of other members that the other side of this link sent.
  std::vector<wire::address> learned(link_id link) const;

 private:
  struct host {
    shown_tickets shown;
    std::vector<wire::address> learned;  ///< as many as fit into a frame
  };
  std::map<link_id, host> hosts_;  // no more than our own dials lead to
};

}  // namespace gof::core
