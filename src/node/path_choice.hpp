#pragma once

#include "base/time.hpp"
#include "node/path.hpp"

#include <optional>
#include <vector>

namespace gof::core {

/// Which of its paths a session goes by, and which of them failed lately.
class path_choice {
 public:
  static constexpr std::size_t most_suspects = 8;
  static constexpr duration silent_time = 5s;  ///< of a path whose probes were not answered
  static constexpr duration broken_time = 1s;  ///< of a path that a relay said is broken

  /// The path in use as long as it carries, unless a link now leads there itself. One that failed is better
  /// than none, unless a relay said that it is broken. `candidates`: the best first.
  std::optional<path> choose(instant now, std::vector<path> candidates, const std::optional<path>& in_use);
  /// It failed: not chosen for a while unless there is no other.
  void suspect(instant now, const path& failed, bool broken);
  /// When a path may be tried again; of use to a session that has none.
  std::optional<instant> poll_timeout() const;

 private:
  struct entry {
    path failed;
    instant until;
    bool broken = false;  ///< a relay said so; else its probes were not answered
  };
  std::vector<entry> suspects_;  ///< most_suspects
};

}  // namespace gof::core
