#include "node/path_choice.hpp"

#include <algorithm>

namespace gof::core {

std::optional<path> path_choice::choose(instant now, std::vector<path> candidates,
                                        const std::optional<path>& in_use) {
  std::erase_if(suspects_, [&](const entry& one) { return now >= one.until; });
  const auto drop = [&](bool broken_only) {
    std::erase_if(candidates, [&](const path& one) {
      return std::any_of(suspects_.begin(), suspects_.end(),
                         [&](const entry& s) { return s.failed == one && (s.broken || !broken_only); });
    });
  };
  drop(true);
  const auto possible = candidates;
  drop(false);
  if (candidates.empty()) candidates = possible;
  if (candidates.empty()) return std::nullopt;
  const bool carries = in_use && std::find(candidates.begin(), candidates.end(), *in_use) != candidates.end();
  return carries && !candidates.front().labels.empty() ? in_use : std::optional(candidates.front());
}

void path_choice::suspect(instant now, const path& failed, bool broken) {
  if (suspects_.size() >= most_suspects) suspects_.erase(suspects_.begin());
  suspects_.push_back({failed, now + (broken ? broken_time : silent_time), broken});
}

bool path_choice::doubts(const path& one) const {
  return std::any_of(suspects_.begin(), suspects_.end(), [&](const entry& s) { return s.failed == one; });
}

std::optional<instant> path_choice::poll_timeout() const {
  std::optional<instant> due;
  for (const auto& one : suspects_) due = std::min(due.value_or(one.until), one.until);
  return due;
}

}  // namespace gof::core
