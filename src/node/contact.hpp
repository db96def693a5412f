#pragma once

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "wire/reason.hpp"
#include "wire/ticket.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gof::core {

/// Whom to stay linked with: which of a few addresses to dial when. Those of a ticket lead to its issuer or
/// to other members, those of a bootstrap to some member.
class contact {
 public:
  static constexpr duration stagger =
      250ms;  ///< between the starts of a ticket's addresses (RFC 8305 in spirit)

  /// With a ticket its holder comes as a guest, unless it is a member of that mesh anyway.
  contact(instant now, std::vector<wire::address> addresses, std::optional<wire::ticket> ticket)
      : addresses_(std::move(addresses)), ticket_(std::move(ticket)), next_at_(now) {}

  struct round_over {
    wire::reason why;
    std::string detail;
    duration again_in;
  };

  /// The next address to be dialled now, if any.
  std::optional<wire::address> poll_dial(instant now);
  void handle_started(link_id link) { trying_.insert(link); }
  /// An attempt failed. The result: all of this round did.
  std::optional<round_over> handle_failed(instant now, link_id link, wire::reason why,
                                          const std::string& detail, random_source& random);
  void handle_up(link_id link, const node_id& node);
  /// The link that stood is gone.
  void handle_lost(instant now, random_source& random);
  std::optional<instant> poll_timeout() const { return up_ ? std::nullopt : next_at_; }

  bool is_up() const { return up_; }
  bool tries(link_id link) const { return trying_.contains(link); }
  const std::set<link_id>& trying() const { return trying_; }
  const std::optional<wire::ticket>& ticket() const { return ticket_; }
  const std::optional<node_id>& node() const { return node_; }

 private:
  std::vector<wire::address> addresses_;
  std::optional<wire::ticket> ticket_;
  bool up_ = false;
  std::optional<node_id> node_;  ///< where the addresses led
  std::set<link_id> trying_;
  std::size_t next_address_ = 0;
  std::optional<instant> next_at_;
  unsigned failures_ = 0;
  wire::reason worst_ = wire::reason::none;
  std::string details_;

  duration back_off(random_source& random);
};

}  // namespace gof::core
