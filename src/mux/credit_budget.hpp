#pragma once

#include "base/id.hpp"

#include <compare>
#include <cstddef>
#include <map>

namespace gof::core {

/// The peer that windows count for. Streams with the same key share its part of the budget.
struct credit_key {
  peer_id peer;
  auto operator<=>(const credit_key&) const = default;
};

/// Keeps the receive windows of a node within `limit` in total. Credit that was granted but not used counts
/// until its sender gives it back.
///
/// A share may grow as long as it is no larger than a part of what is free ("dynamic threshold", as switches
/// share their buffers): alone it gets a quarter, next to n - 1 others 1/(n + 3) of the whole. So something
/// is always free for the next one, without counting them. First windows are taken from what growth leaves
/// free.
class credit_budget {
 public:
  static constexpr std::size_t limit = 256 * 1024 * 1024;  ///< bytes
  static constexpr std::size_t first_window = 16 * 1024;   ///< of each stream

  std::size_t granted() const { return granted_; }
  std::size_t shares() const { return shares_.size(); }

 private:
  friend class credit_share;
  struct part {
    std::size_t users = 0;
    std::size_t first = 0;  ///< bytes of first windows
    std::size_t grown = 0;  ///< bytes of windows beyond their first
  };

  std::size_t granted_ = 0;
  std::map<credit_key, part> shares_;  ///< one for each peer that has a session
};

/// One key's part of the budget, for the life of this object. The budget must outlive it.
class credit_share {
 public:
  credit_share(credit_budget& of, const credit_key& key);
  ~credit_share();
  credit_share(const credit_share&) = delete;
  credit_share& operator=(const credit_share&) = delete;

  /// Whether one more stream gets its first window. If alone, a share gets up to 14,336 of them.
  bool admits_stream() const;
  /// Whether a window may grow by `more` to `window`: to no more than half of what its share may still take.
  bool has_room(std::size_t more, std::size_t window) const;
  /// Whether so little is left for others that a window of this size has to shrink. The limit is half of what
  /// growth leaves free, so that a window does not shrink right after it grew.
  bool is_crowded_by(std::size_t window) const { return growth_weight * part_.grown + window > free(); }
  /// Counts `after` instead of `before` bytes for a stream.
  void change(std::size_t before, std::size_t after);

 private:
  /// Growth takes at most a third of what it leaves free, so that as many streams again have room.
  static constexpr std::size_t growth_weight = 3;
  /// Newcomers precede growth: first windows of a share may take seven times what they leave free.
  static constexpr std::size_t first_windows_weight = 7;

  credit_budget& budget_;
  credit_key key_;
  credit_budget::part& part_;

  std::size_t free() const { return credit_budget::limit - budget_.granted_; }
};

}  // namespace gof::core
