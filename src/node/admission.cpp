#include "node/admission.hpp"

#include <algorithm>

namespace gof::core {

std::optional<link_id> admission::enter(link_id link, const std::string& source) {
  std::optional<link_id> victim;
  if (const auto same = by_source_.find(source);
      same != by_source_.end() && same->second.size() >= most_from_source)
    victim = same->second.front();
  else if (by_age_.size() >= most_strangers)
    victim = oldest_of_most();
  if (victim) forget_stranger(*victim);
  by_age_.emplace(link, source);
  by_source_[source].push_back(link);
  return victim;
}

link_id admission::oldest_of_most() const {
  const auto before = [](const auto& a, const auto& b) {
    return a.second.size() != b.second.size() ? a.second.size() > b.second.size()
                                              : a.second.front() < b.second.front();
  };
  return std::min_element(by_source_.begin(), by_source_.end(), before)->second.front();
}

void admission::forget_stranger(link_id link) {
  const auto found = by_age_.find(link);
  if (found == by_age_.end()) return;
  const auto same = by_source_.find(found->second);
  std::erase(same->second, link);
  if (same->second.empty()) by_source_.erase(same);
  by_age_.erase(found);
}

wire::reason admission::verdict(instant now, const std::string& source,
                                const std::optional<grant_id>& grant) {
  turn(now);
  const auto same = begun_by_source_.find(source);
  const bool many = same != begun_by_source_.end() && same->second >= most_from_source_a_second;
  const bool full = begun_ >= most_a_second || half_open_.size() >= most_half_open;
  return many || full || crowds(source, grant) ? wire::reason::busy : wire::reason::none;
}

bool admission::crowds(const std::string& source, const std::optional<grant_id>& grant) const {
  if (half_open_.size() < most_half_open / 2) return false;
  std::size_t of_source = 0;
  std::size_t of_grant = 0;
  for (const auto& [link, its] : half_open_) {
    of_source += its.source == source;
    of_grant += grant && its.grant == grant;
  }
  return std::max(of_source, of_grant) >= most_alike;
}

void admission::admit(instant now, link_id link, const std::string& source,
                      const std::optional<grant_id>& grant) {
  turn(now);
  ++begun_;
  ++begun_by_source_[source];
  forget_stranger(link);
  half_open_[link] = {source, grant};
}

void admission::leave(link_id link) {
  forget_stranger(link);
  half_open_.erase(link);
}

void admission::turn(instant now) {
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (second == second_) return;
  second_ = second;
  begun_ = 0;
  begun_by_source_.clear();
}

}  // namespace gof::core
