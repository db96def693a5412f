#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gof::core {

/// How many streams each SCTP stream carries. The first SCTP stream is reserved for CREDIT.
class sctp_load {
 public:
  explicit sctp_load(std::uint16_t count) : load_(count) { assert(count > 1); }

  /// The number that the other side chose, reduced to our range.
  std::uint16_t enter(std::uint16_t wanted) {
    const auto at = static_cast<std::uint16_t>(wanted % load_.size());
    ++load_[at];
    return at;
  }
  void leave(std::uint16_t at) { --load_[at]; }

  /// One of those that carry the fewest, in rotation.
  std::uint16_t least_used() {
    std::size_t best = next_;
    for (std::size_t i = 1; i < load_.size(); ++i)
      if (load_[i] < load_[best]) best = i;
    next_ = best + 1 < load_.size() ? best + 1 : 1;
    return static_cast<std::uint16_t>(best);
  }

 private:
  std::vector<std::uint32_t> load_;
  std::size_t next_ = 1;
};

}  // namespace gof::core
