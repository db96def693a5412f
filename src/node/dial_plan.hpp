#pragma once

#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "wire/neighbours.hpp"
#include "wire/reason.hpp"
#include "wire/ticket.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gof::core {

/// Decides which of a few addresses to dial and when, to stay linked. They lead to the issuer of a ticket, or
/// to other members. With several addresses, links to two nodes are kept: with only one, a member that was
/// gone for a while would not be used again. A guest may learn more addresses from a node that it is linked
/// to.
class dial_plan {
 public:
  static constexpr duration stagger = 250ms;       ///< between dials (in the spirit of RFC 8305)
  static constexpr duration second_longest = 60s;  ///< between two attempts at a second link
  static constexpr std::size_t most_learned = wire::neighbours::most_addresses;

  /// With a ticket it dials as a guest, unless the node is a member of that mesh.
  dial_plan(instant now, const std::vector<wire::address>& addresses, std::optional<wire::ticket> ticket);

  struct round_over {
    wire::reason why;
    std::string detail;
    duration again_in;
  };

  /// The next address to dial now, if any. handle_started() must follow.
  std::optional<wire::address> poll_dial(instant now);
  void handle_started(link_id link);
  /// An attempt failed. Returns a value if all of this round did, and no link is up.
  std::optional<round_over> handle_failed(instant now, link_id link, wire::reason why,
                                          const std::string& detail, random_source& random);
  void handle_up(instant now, link_id link, const node_id& node);
  /// A linked node names other members. They replace those named before, except for those in use. If there is
  /// no second link, one of them is dialled.
  void handle_learned(instant now, const std::vector<wire::address>& addresses);
  /// The last link to this node has ended.
  void handle_lost(instant now, const node_id& node, random_source& random);
  std::optional<instant> poll_timeout() const { return next_at_; }

  bool is_up() const { return !standing_.empty(); }
  /// There are as many links as wanted.
  bool is_satisfied() const { return standing_.size() >= wanted_; }
  std::vector<link_id> trying() const;
  const std::optional<wire::ticket>& ticket() const { return ticket_; }
  bool leads_to(const node_id& node) const;
  bool stands_at(const node_id& node) const { return standing_.contains(node); }
  const std::set<node_id>& standing() const { return standing_; }
  /// The node that this attempt's address led to before, if there is no link to it any more.
  std::optional<node_id> former(link_id link) const;

 private:
  struct place {
    wire::address address;
    std::optional<link_id> trying;
    std::optional<node_id> node;  ///< that it led to
    bool learned = false;         ///< from handle_learned()
  };
  std::vector<place> places_;
  std::optional<wire::ticket> ticket_;
  std::size_t wanted_;
  std::set<node_id> standing_;
  std::size_t next_place_ = 0;
  std::optional<instant> next_at_;
  unsigned failures_ = 0;
  duration second_wait_ = 1s;  ///< doubled each time
  wire::reason worst_ = wire::reason::none;
  std::string details_;

  duration back_off(random_source& random);
  void start_round(instant at);
  duration wait_for_second();
  bool in_use(const place& p) const { return p.trying || (p.node && standing_.contains(*p.node)); }
  void forget_learned(const std::vector<wire::address>& but);
};

}  // namespace gof::core
