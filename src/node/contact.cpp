#include "node/contact.hpp"

#include <array>

namespace gof::core {

std::optional<wire::address> contact::poll_dial(instant now) {
  if (up_ || !next_at_ || now < *next_at_ || addresses_.empty()) return std::nullopt;
  const auto& address = addresses_[next_address_++];
  next_at_ = next_address_ < addresses_.size() ? std::optional(now + stagger) : std::nullopt;
  return address;
}

std::optional<contact::round_over> contact::handle_failed(instant now, link_id link, wire::reason why,
                                                          const std::string& detail, random_source& random) {
  if (trying_.erase(link) == 0) return std::nullopt;
  if (why != wire::reason::none) worst_ = why;
  if (details_.find(detail) == std::string::npos) details_ += (details_.empty() ? "" : "; ") + detail;
  if (up_) return std::nullopt;
  if (next_at_) {
    next_at_ = now;  // nothing to wait for: the next address at once
    return std::nullopt;
  }
  if (!trying_.empty()) return std::nullopt;
  const auto wait = back_off(random);
  round_over over{worst_, std::move(details_), wait};
  worst_ = wire::reason::none;
  details_.clear();
  next_address_ = 0;
  next_at_ = now + wait;
  return over;
}

void contact::handle_up(link_id link, const node_id& node) {
  trying_.erase(link);
  up_ = true;
  node_ = node;
  failures_ = 0;
  worst_ = wire::reason::none;
  details_.clear();
}

void contact::handle_lost(instant now, random_source& random) {
  up_ = false;
  next_address_ = 0;
  next_at_ = now + back_off(random);
}

/// 1, 2, then 5 s, less up to a tenth so that many clients of one server do not come back in step.
duration contact::back_off(random_source& random) {
  constexpr std::array<duration, 3> waits{1s, 2s, 5s};
  const auto wait = waits[std::min<std::size_t>(failures_++, waits.size() - 1)];
  return wait - wait / 1000 * (random.number() % 100);
}

}  // namespace gof::core
