#pragma once

#include "base/time.hpp"

#include <optional>
#include <set>
#include <utility>

namespace gof {

/// Which of many is due when. Each stands in it at most once; every step costs as much as a look-up in a set.
template <class Key>
class timer_queue {
 public:
  /// When a key stands here for, kept with what the key names and handed to each call.
  using place = std::optional<instant>;

  /// `key` is due at that time, or never.
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
  /// Takes the next one out that is due; its place is to be reset.
  std::optional<Key> poll(instant now) {
    if (all_.empty() || now < all_.begin()->first) return std::nullopt;
    return all_.extract(all_.begin()).value().second;
  }
  std::optional<instant> next() const {
    return all_.empty() ? std::nullopt : std::optional(all_.begin()->first);
  }
  std::size_t size() const { return all_.size(); }

 private:
  std::set<std::pair<instant, Key>> all_;  // as many as its owner holds
};

}  // namespace gof
