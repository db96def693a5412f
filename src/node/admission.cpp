#include "node/admission.hpp"

#include <algorithm>

namespace gof::core {

std::optional<link_id> admission::enter(link_id link, const std::string& source) {
  std::optional<link_id> victim;
  if (const auto same = by_source_.find(source);
      same != by_source_.end() && same->second >= most_from_source) {
    victim = std::find_if(by_age_.begin(), by_age_.end(), [&](const auto& s) {
               return s.second == source;
             })->first;
  } else if (by_age_.size() >= most_strangers) {
    victim = by_age_.begin()->first;
  }
  if (victim) leave(*victim);
  by_age_.emplace(link, source);
  ++by_source_[source];
  return victim;
}

void admission::leave(link_id link) {
  const auto found = by_age_.find(link);
  if (found == by_age_.end()) return;
  const auto same = by_source_.find(found->second);
  if (--same->second == 0) by_source_.erase(same);
  by_age_.erase(found);
}

wire::reason admission::verdict(instant now, const std::string& source, std::size_t half_open) {
  turn(now);
  const auto same = begun_by_source_.find(source);
  const bool many = same != begun_by_source_.end() && same->second >= most_from_source_a_second;
  return many || begun_ >= most_a_second || half_open >= most_half_open ? wire::reason::busy
                                                                        : wire::reason::none;
}

void admission::count(instant now, const std::string& source) {
  turn(now);
  ++begun_;
  ++begun_by_source_[source];
}

void admission::turn(instant now) {
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (second == second_) return;
  second_ = second;
  begun_ = 0;
  begun_by_source_.clear();
}

}  // namespace gof::core
