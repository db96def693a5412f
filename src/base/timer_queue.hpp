#pragma once

#include "base/time.hpp"

#include <optional>
#include <set>
#include <utility>

namespace gof {

/// When each of many keys is due. A key is in the queue at most once; any operation costs a set's look-up.
template <class Key>
class timer_queue {
 public:
  /// The time at which a key is due, stored with the object that the key names, and passed to each call.
  using place = std::optional<instant>;

  /// Makes `key` due at this time, or never.
  void set(place& at, const Key& key, std::optional<instant> due) {
    if (at == due) return;
    if (at && due) {
      auto moved = all_.extract({*at, key});
      moved.value().first = *due;
      all_.insert(std::move(moved));
    } else if (at) {
      all_.erase({*at, key});
    } else {
      all_.emplace(*due, key);
    }
    at = due;
  }
  /// Removes and returns the next key that is due; the caller must reset its place.
  std::optional<Key> poll(instant now) {
    if (all_.empty() || now < all_.begin()->first) return std::nullopt;
    return all_.extract(all_.begin()).value().second;
  }
  std::optional<instant> next() const {
    return all_.empty() ? std::nullopt : std::optional(all_.begin()->first);
  }
  std::size_t size() const { return all_.size(); }

 private:
  std::set<std::pair<instant, Key>> all_;  // at most as many as its owner has
};

}  // namespace gof
