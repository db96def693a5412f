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

/// What we are as a guest: which of our tickets each member that we are linked with was shown, and the
/// addresses of other members that it told us.
class guest_pass {
 public:
  void handle_down(link_id link) { hosts_.erase(link); }
  /// The link was opened with this ticket.
  void handle_up(link_id link, const link::up& up) { hosts_[link].shown.add(up.issuer, up.grant); }
  /// The body of GRANT for this ticket, unless the link was shown it already.
  std::optional<bytes> show(link_id link, const core::link& at, const wire::ticket& ticket);
  /// NEIGHBOURS. False: the other side broke the protocol.
  bool handle_neighbours(link_id link, const_bytes body);
  /// Where else members are, as that link's other side says.
  std::vector<wire::address> learned(link_id link) const;

 private:
  struct host {
    shown_tickets shown;
    std::vector<wire::address> learned;  ///< as many as a frame holds
  };
  std::map<link_id, host> hosts_;  // as many as our own dials lead to
};

}  // namespace gof::core
