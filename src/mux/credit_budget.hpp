#pragma once

#include "base/id.hpp"

#include <compare>
#include <cstddef>
#include <map>

namespace gof::core {

/// Who windows count for. Streams of the same key share what is theirs; keys share the budget.
struct credit_key {
  peer_id peer;
  auto operator<=>(const credit_key&) const = default;
};

/// What all receive windows of a node add up to: never more than `limit`. What was granted and not used
/// counts until its sender gives it back.
///
/// A share may grow as long as it is no larger than a part of what is free ("dynamic threshold", as switches
/// share their buffers): alone it gets a quarter, beside n - 1 others 1/(n + 3) of the whole. So something is
/// always free for the next one, and nobody needs to be counted. First windows come out of what growth leaves
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

/// The part of the budget that counts for one key, while this object lives. Borrows the budget.
class credit_share {
 public:
  credit_share(credit_budget& of, const credit_key& key);
  ~credit_share();
  credit_share(const credit_share&) = delete;
  credit_share& operator=(const credit_share&) = delete;

  /// Whether one more stream gets its first window. Without others a share gets 14,336 of them.
  bool admits_stream() const;
  /// Whether a window may grow by `more` to `window`: it may take half of what its share may still take.
  bool has_room(std::size_t more, std::size_t window) const;
  /// There is so little left for others that a window of this size is to shrink. Half of what growth leaves
  /// free, so that a window does not shrink right after it grew.
  bool is_crowded_by(std::size_t window) const { return growth_weight * part_.grown + window > free(); }
  /// A stream that counted for `before` counts for `after`.
  void change(std::size_t before, std::size_t after);

 private:
  /// What grew is a third of what is left, so that there is room for as many streams again.
  static constexpr std::size_t growth_weight = 3;
  /// Newcomers come before growth: all first windows of a share may be seven times what is left.
  static constexpr std::size_t first_windows_weight = 7;

  credit_budget& budget_;
  credit_key key_;
  credit_budget::part& part_;

  std::size_t free() const { return credit_budget::limit - budget_.granted_; }
};

}  // namespace gof::core
