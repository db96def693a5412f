#include "node/dial_list.hpp"

#include <algorithm>
#include <utility>

namespace gof::core {

using wire::reason;

// ---- peers to reach

std::optional<mesh_id> dial_list::other_mesh(const wire::ticket& ticket) const {
  for (const auto& [grant, one] : tickets_)
    if (one.mesh != ticket.mesh) return one.mesh;
  return std::nullopt;
}

void dial_list::add(instant now, const std::vector<wire::address>& at, std::optional<wire::ticket> ticket) {
  const auto whose = next_++;
  const auto made = plans_.emplace(whose, entry{dial_plan(now, at, std::move(ticket))}).first;
  rearm(whose, made->second);
}

void dial_list::rearm(number whose, entry& its) {
  timers_.set(its.timer, whose, its.plan.poll_timeout());
}

bool dial_list::add_ticket(instant now, const wire::ticket& ticket) {
  const auto same = [&](const auto& one) { return one.second.plan.ticket() == ticket; };
  if (std::any_of(plans_.begin(), plans_.end(), same)) return false;
  if (!tickets_.contains(ticket.grant)) ++targets_[ticket.issuer].tickets;
  tickets_[ticket.grant] = ticket;
  add(now, ticket.addresses, ticket);
  return true;
}

std::optional<dial_list::dropped> dial_list::drop_ticket(const wire::ticket& ticket) {
  const auto found = std::find_if(plans_.begin(), plans_.end(),
                                  [&](const auto& one) { return one.second.plan.ticket() == ticket; });
  if (found == plans_.end()) return std::nullopt;
  dropped gone{found->second.plan.standing(), found->second.plan.trying()};
  timers_.set(found->second.timer, found->first, std::nullopt);
  plans_.erase(found);
  const auto other = std::find_if(plans_.begin(), plans_.end(), [&](const auto& one) {
    return one.second.plan.ticket() && one.second.plan.ticket()->grant == ticket.grant;
  });
  if (other != plans_.end()) {
    tickets_[ticket.grant] = *other->second.plan.ticket();
    return gone;
  }
  tickets_.erase(ticket.grant);
  --targets_.at(ticket.issuer).tickets;
  drop_target(ticket.issuer);
  return gone;
}

bool dial_list::add_peer(const peer_id& peer) {
  return !std::exchange(targets_[peer].kept, true);
}

bool dial_list::drop_peer(const peer_id& peer) {
  const auto found = targets_.find(peer);
  if (found == targets_.end() || !std::exchange(found->second.kept, false)) return false;
  drop_target(peer);
  return true;
}

void dial_list::drop_target(const peer_id& peer) {
  const auto found = targets_.find(peer);
  if (found->second.kept || found->second.tickets > 0) return;
  missed_.set(found->second.missed, peer, std::nullopt);
  targets_.erase(found);
}

void dial_list::add_bootstrap(instant now, const std::vector<wire::address>& at) {
  add(now, at, std::nullopt);
}

void dial_list::clear() {
  plans_.clear();
  tickets_.clear();
  targets_.clear();
  timers_ = {};
  missed_ = {};
  events_.clear();
}

// ---- dials

std::optional<dial_list::dial> dial_list::poll_dial(instant now) {
  while (const auto whose = timers_.poll(now)) {
    auto& its = plans_.at(*whose);
    its.timer.reset();
    if (auto to = its.plan.poll_dial(now)) return dial{*whose, std::move(*to)};
    rearm(*whose, its);
  }
  return std::nullopt;
}

void dial_list::handle_started(number whose, link_id link) {
  auto& its = plans_.at(whose);
  its.plan.handle_started(link);
  rearm(whose, its);
}

void dial_list::handle_failed(instant now, number whose, link_id link, reason why,
                              const std::string& detail) {
  const auto found = plans_.find(whose);
  if (found == plans_.end()) return;
  auto& its = found->second;
  const auto over = its.plan.handle_failed(now, link, why, detail, random_);
  rearm(whose, its);
  if (!over) return;
  const auto& ticket = its.plan.ticket();
  events_.push_back(
      unreachable{ticket ? ticket->issuer : peer_id(), over->why, over->detail, over->again_in});
}

dial_list::reached dial_list::handle_up(instant now, number whose, link_id link, const node_id& node) {
  const auto found = plans_.find(whose);
  if (found == plans_.end()) return {};
  auto& plan = found->second.plan;
  reached its;
  its.former = plan.former(link);
  if (its.former == node) its.former.reset();
  plan.handle_up(now, link, node);
  rearm(whose, found->second);
  if (plan.is_satisfied()) its.surplus = plan.trying();
  return its;
}

void dial_list::handle_lost(instant now, const node_id& node) {
  for (auto& [whose, its] : plans_) {
    its.plan.handle_lost(now, node, random_);
    rearm(whose, its);
  }
}

void dial_list::handle_learned(instant now, const node_id& node, const std::vector<wire::address>& places) {
  for (auto& [whose, its] : plans_) {
    if (!its.plan.stands_at(node)) continue;
    its.plan.handle_learned(now, places);
    rearm(whose, its);
  }
}

// ---- peers that are not reached

void dial_list::note_reached(instant now, const peer_id& peer, bool there) {
  const auto found = targets_.find(peer);
  if (found == targets_.end()) return;
  auto& missed = found->second.missed;
  if (there)
    missed_.set(missed, peer, std::nullopt);
  else if (!missed)
    missed_.set(missed, peer, now + missing_time);
}

bool dial_list::handle_timeout(instant now) {
  bool any = false;
  while (const auto peer = missed_.poll(now)) {
    auto& its = targets_.at(*peer);
    its.missed.reset();
    missed_.set(its.missed, *peer, now + missing_time);
    events_.push_back(unreachable{*peer, reason::none, "the mesh is reached, but the peer is not in it now",
                                  missing_time, true});
    any = true;
  }
  return any;
}

std::optional<instant> dial_list::poll_timeout() const {
  const auto one = timers_.next();
  const auto other = missed_.next();
  return one && other ? std::min(one, other) : one ? one : other;
}

// ---- queries

std::vector<peer_id> dial_list::wanted() const {
  std::vector<peer_id> all;
  for (const auto& [peer, its] : targets_) all.push_back(peer);
  return all;
}

bool dial_list::is_wanted(const peer_id& peer) const {
  return targets_.contains(peer);
}

const wire::ticket* dial_list::ticket_for(const peer_id& issuer, const std::string& service) const {
  const wire::ticket* any = nullptr;
  for (const auto& [grant, one] : tickets_) {
    if (one.issuer != issuer) continue;
    const bool lists = std::any_of(one.services.begin(), one.services.end(),
                                   [&](const auto& s) { return s.name == service; });
    if (lists) return &one;
    any = &one;
  }
  return any;
}

std::vector<const wire::ticket*> dial_list::tickets() const {
  std::vector<const wire::ticket*> all;
  for (const auto& [grant, one] : tickets_) all.push_back(&one);
  return all;
}

bool dial_list::leads_to(const node_id& node) const {
  return std::any_of(plans_.begin(), plans_.end(),
                     [&](const auto& one) { return one.second.plan.leads_to(node); });
}

bool dial_list::stands_at(const node_id& node) const {
  return std::any_of(plans_.begin(), plans_.end(),
                     [&](const auto& one) { return one.second.plan.stands_at(node); });
}

}  // namespace gof::core
