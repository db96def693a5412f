#include "node/dial_plan.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gof::core {

dial_plan::dial_plan(instant now, const std::vector<wire::address>& addresses,
                     std::optional<wire::ticket> ticket)
    : ticket_(std::move(ticket)), wanted_(addresses.size() > 1 ? 2 : 1) {
  for (const auto& one : addresses) places_.push_back({one, {}, {}, false});
  if (!places_.empty()) next_at_ = now;
}

std::optional<wire::address> dial_plan::poll_dial(instant now) {
  if (!next_at_ || now < *next_at_) return std::nullopt;
  for (; next_place_ < places_.size() && !is_satisfied(); ++next_place_) {
    const auto& p = places_[next_place_];
    if (in_use(p)) continue;
    const bool last = next_place_ + 1 == places_.size();
    next_at_ = last ? std::nullopt : std::optional(now + stagger);
    return p.address;
  }
  next_at_.reset();
  if (is_up() && !is_satisfied()) start_round(now + wait_for_second());
  return std::nullopt;
}

void dial_plan::handle_started(link_id link) {
  places_[next_place_++].trying = link;
}

duration dial_plan::wait_for_second() {
  return std::exchange(second_wait_, std::min<duration>(2 * second_wait_, second_longest));
}

void dial_plan::start_round(instant at) {
  next_place_ = 0;
  next_at_ = at;
}

std::optional<dial_plan::round_over> dial_plan::handle_failed(instant now, link_id link, wire::reason why,
                                                              const std::string& detail,
                                                              random_source& random) {
  const auto p =
      std::find_if(places_.begin(), places_.end(), [&](const place& one) { return one.trying == link; });
  if (p == places_.end()) return std::nullopt;
  p->trying.reset();
  if (why != wire::reason::none) worst_ = why;
  if (details_.find(detail) == std::string::npos) details_ += (details_.empty() ? "" : "; ") + detail;
  if (is_satisfied()) return std::nullopt;
  if (next_place_ < places_.size()) {
    if (next_at_ && !is_up()) next_at_ = now;  // no link: the next address at once
    return std::nullopt;
  }
  if (!trying().empty()) return std::nullopt;
  const auto worst = std::exchange(worst_, wire::reason::none);
  auto details = std::exchange(details_, {});
  if (is_up()) {
    start_round(now + wait_for_second());
    return std::nullopt;
  }
  const auto wait = back_off(random);
  round_over over{worst, std::move(details), wait};
  start_round(now + wait);
  return over;
}

void dial_plan::handle_up(instant now, link_id link, const node_id& node) {
  for (auto& p : places_) {
    if (p.trying != link) continue;
    p.trying.reset();
    p.node = node;
  }
  if (standing_.insert(node).second) second_wait_ = 1s;
  failures_ = 0;
  worst_ = wire::reason::none;
  details_.clear();
  if (is_satisfied())
    next_at_.reset();
  else if (next_place_ >= places_.size() && trying().empty())
    start_round(now + wait_for_second());
}

void dial_plan::handle_learned(instant now, const std::vector<wire::address>& addresses) {
  if (!ticket_) return;
  forget_learned(addresses);
  auto learned = static_cast<std::size_t>(
      std::count_if(places_.begin(), places_.end(), [](const place& p) { return p.learned; }));
  for (const auto& one : addresses) {
    const bool known = std::any_of(places_.begin(), places_.end(), [&](auto& p) { return p.address == one; });
    if (known || learned == most_learned) continue;
    places_.push_back({one, {}, {}, true});
    ++learned;
  }
  wanted_ = places_.size() > 1 ? 2 : 1;
  if (!is_satisfied() && !next_at_) next_at_ = now + wait_for_second();
}

void dial_plan::forget_learned(const std::vector<wire::address>& but) {
  for (std::size_t i = 0; i < places_.size();) {
    const auto& p = places_[i];
    if (!p.learned || in_use(p) || std::find(but.begin(), but.end(), p.address) != but.end()) {
      ++i;
      continue;
    }
    places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(i));
    if (next_place_ > i) --next_place_;
  }
}

void dial_plan::handle_lost(instant now, const node_id& node, random_source& random) {
  if (standing_.erase(node) == 0) return;
  const auto wait = back_off(random);
  if (!next_at_ || now + wait < *next_at_) start_round(now + wait);
}

std::vector<link_id> dial_plan::trying() const {
  std::vector<link_id> all;
  for (const auto& p : places_)
    if (p.trying) all.push_back(*p.trying);
  return all;
}

bool dial_plan::leads_to(const node_id& node) const {
  return standing_.contains(node) ||
         std::any_of(places_.begin(), places_.end(), [&](const place& p) { return p.node == node; });
}

std::optional<node_id> dial_plan::former(link_id link) const {
  for (const auto& p : places_)
    if (p.trying == link && p.node && !standing_.contains(*p.node)) return p.node;
  return std::nullopt;
}

/// 1, 2, then 5 s, less up to a tenth, so that the clients of a server do not all come back at once.
duration dial_plan::back_off(random_source& random) {
  constexpr std::array<duration, 3> waits{1s, 2s, 5s};
  const auto wait = waits[std::min<std::size_t>(failures_++, waits.size() - 1)];
  return wait - wait / 1000 * (random.number() % 100);
}

}  // namespace gof::core
