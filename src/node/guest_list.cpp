#include "node/guest_list.hpp"

#include "wire/neighbours.hpp"

#include <algorithm>
#include <utility>

namespace gof::core {
// ---- links

bool guest_list::handle_up(instant now, link_id link, const link::up& up, const mesh& gossip) {
  if (is_withdrawn(up.issuer, up.grant, gossip)) return false;
  auto& its = guests_[link];
  show(link, its, up.issuer, up.grant, is_own_withdrawn(up.issuer, up.grant));
  expel_without_tickets(now, link, its, expulsion_time);
  return true;
}

void guest_list::handle_down(link_id link) {
  const auto found = guests_.find(link);
  if (found == guests_.end()) return;
  auto& its = found->second;
  telling_.set(its.tell, link, std::nullopt);
  leaving_.set(its.leave, link, std::nullopt);
  for (const auto& issuer : its.tickets.all_issuers()) {
    const auto of = by_issuer_.find(issuer);
    of->second.erase(link);
    if (of->second.empty()) by_issuer_.erase(of);
  }
  changed_.erase(link);
  gone_.erase(link);
  expelled_.erase(link);
  guests_.erase(found);
}

void guest_list::handle_labelled(instant now, link_id link) {
  const auto found = guests_.find(link);
  if (found == guests_.end()) return;
  found->second.labelled = true;
  plan_telling(now, link, found->second);
}

bool guest_list::handle_grant(const core::link& at, link_id link, const wire::grant_frame& shown,
                              const mesh& gossip) {
  const auto found = guests_.find(link);
  if (found == guests_.end()) return false;
  auto& its = found->second;
  if (its.tickets.knows(shown.issuer, shown.grant)) return true;
  if (its.tickets.is_full() || !at.proves(shown)) return false;
  show(link, its, shown.issuer, shown.grant,
       is_withdrawn(shown.issuer, shown.grant, gossip) || is_own_withdrawn(shown.issuer, shown.grant));
  if (!its.tickets.issuers().empty()) leaving_.set(its.leave, link, std::nullopt);
  changed_.insert(link);
  return true;
}

void guest_list::show(link_id link, guest& its, const peer_id& issuer, const grant_id& grant,
                      bool withdrawn) {
  its.tickets.add(issuer, grant, withdrawn);
  by_issuer_[issuer].insert(link);
}

// ---- what changed

/// The links of its holders end after a while, in which they can learn why.
void guest_list::withdraw(instant now, std::set<grant_id> grants) {
  withdrawn_ = std::move(grants);
  const auto ours = by_issuer_.find(self_);
  if (ours == by_issuer_.end()) return;
  const auto gone = [this](const grant_id& grant) { return withdrawn_.contains(grant); };
  for (const auto link : ours->second) {
    auto& its = guests_.at(link);
    if (its.tickets.withdraw(self_, gone)) expel_without_tickets(now, link, its, expulsion_time);
  }
}

void guest_list::handle_refusal(instant now, link_id link, const grant_id& grant) {
  const auto found = guests_.find(link);
  if (found == guests_.end()) return;
  found->second.tickets.withdraw(self_, [&](const grant_id& one) { return one == grant; });
  expel_without_tickets(now, link, found->second, refusal_time);
}

void guest_list::expel_without_tickets(instant now, link_id link, guest& its, duration in) {
  if (!its.tickets.issuers().empty()) return;
  if (!its.leave || now + in < *its.leave) leaving_.set(its.leave, link, now + in);
}

void guest_list::postpone(instant now, link_id link) {
  leaving_.set(guests_.at(link).leave, link, now + expulsion_time);
}

void guest_list::handle_profile(const peer_id& peer, const mesh& gossip) {
  const auto its = by_issuer_.find(peer);
  if (its == by_issuer_.end()) return;
  const auto gone = [&](const grant_id& grant) { return is_withdrawn(peer, grant, gossip); };
  for (const auto link : its->second) {
    auto& one = guests_.at(link).tickets;
    if (one.withdraw(peer, gone)) (one.issuers().empty() ? gone_ : changed_).insert(link);
  }
}

void guest_list::handle_places(instant now, std::vector<wire::address> places) {
  if (places == places_) return;
  places_ = std::move(places);
  for (auto& [link, its] : guests_) plan_telling(now, link, its);
}

void guest_list::plan_telling(instant now, link_id link, guest& its) {
  if (!its.labelled || its.tell || its.told == places_) return;
  telling_.set(its.tell, link, its.told_at ? std::max(now, *its.told_at + places_interval) : now);
}

void guest_list::handle_timeout(instant now) {
  while (const auto link = telling_.poll(now)) {
    auto& its = guests_.at(*link);
    its.tell.reset();
    if (its.told == places_) continue;
    its.told = places_;
    its.told_at = now;
    messages_.push_back({*link, wire::neighbours{places_}.encode()});
  }
  while (const auto link = leaving_.poll(now)) {
    guests_.at(*link).leave.reset();
    expelled_.insert(*link);
  }
}

std::optional<instant> guest_list::poll_timeout() const {
  const auto one = telling_.next();
  const auto other = leaving_.next();
  return one && other ? std::min(one, other) : one ? one : other;
}

// ---- outputs

// ---- queries

bool guest_list::is_withdrawn(const peer_id& issuer, const grant_id& grant, const mesh& gossip) const {
  return issuer != self_ && gossip.is_withdrawn(issuer, grant);
}

/// Only the newest, as in profiles. For older ones a refused stream says so.
bool guest_list::is_own_withdrawn(const peer_id& issuer, const grant_id& grant) const {
  return issuer == self_ && withdrawn_.contains(grant);
}

std::vector<peer_id> guest_list::issuers(link_id link) const {
  const auto found = guests_.find(link);
  return found == guests_.end() ? std::vector<peer_id>() : found->second.tickets.issuers();
}

bool guest_list::may_send(link_id link, const node_id& destination, const mesh& gossip) const {
  const auto found = guests_.find(link);
  const auto to = found == guests_.end() ? std::nullopt : gossip.peer_of(destination);
  return to && found->second.tickets.allow(*to);
}

}  // namespace gof::core
