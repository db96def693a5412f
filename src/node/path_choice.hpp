#pragma once

#include "base/time.hpp"
#include "node/path.hpp"

#include <optional>
#include <vector>

namespace gof::core {

/// Which path a session uses, and which paths failed lately.
class path_choice {
 public:
  static constexpr std::size_t most_suspects = 8;
  static constexpr duration silent_time = 5s;  ///< for a path whose probes were not answered
  static constexpr duration broken_time = 1s;  ///< for a path that a relay reported as broken

  /// Keeps the path in use while it works, unless a link now leads to the node itself. A failed path is
  /// better than none, unless a relay reported it as broken. `candidates`: the best first.
  std::optional<path> choose(instant now, std::vector<path> candidates, const std::optional<path>& in_use);
  /// The path failed. It is not chosen for a while, unless there is no other.
  void suspect(instant now, const path& failed, bool broken);
  /// Whether it failed, and nothing was chosen since its time ended.
  bool doubts(const path& one) const;
  /// When a failed path may be tried again; for a session that has no path.
  std::optional<instant> poll_timeout() const;

 private:
  struct entry {
    path failed;
    instant until;
    bool broken = false;  ///< a relay reported it; otherwise its probes were not answered
  };
  std::vector<entry> suspects_;  ///< at most most_suspects
};

}  // namespace gof::core
