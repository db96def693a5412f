#pragma once

#include "base/id.hpp"
#include "base/time.hpp"

#include <optional>
#include <set>
#include <vector>

namespace gof::core {

/// Links that were made for a ticket that is no longer used. Each ends once nothing else needs it. Nothing
/// waits for that, so they are checked from time to time.
class retiring_links {
 public:
  static constexpr duration interval = 1s;

  void add(instant now, link_id link) {
    all_.insert(link);
    due_ = now;
  }
  void forget(link_id link) { all_.erase(link); }
  void clear() { all_.clear(); }
  /// The links that are to be checked now.
  std::vector<link_id> poll(instant now) {
    if (all_.empty() || (due_ && now < *due_)) return {};
    due_ = now + interval;
    return {all_.begin(), all_.end()};
  }
  std::optional<instant> poll_timeout() const { return all_.empty() ? std::nullopt : due_; }

 private:
  std::set<link_id> all_;
  std::optional<instant> due_;
};

}  // namespace gof::core
