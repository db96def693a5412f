#include "secure/replay_window.hpp"

#include <algorithm>

namespace gof::secure {
namespace {

constexpr std::uint64_t bit_of(std::uint64_t number) {
  return std::uint64_t{1} << (number % 64);
}

}  // namespace

bool replay_window::fresh(std::uint64_t number) const {
  if (is_newest(number)) return true;
  if (newest_ - number >= size) return false;
  return (seen_[number / 64 % words] & bit_of(number)) == 0;
}

void replay_window::mark(std::uint64_t number) {
  if (is_newest(number)) {
    const std::uint64_t entered = empty_ ? 0 : std::min<std::uint64_t>(number / 64 - newest_ / 64, words);
    for (std::uint64_t i = 0; i < entered; ++i) seen_[(number / 64 - i) % words] = 0;
    newest_ = number;
    empty_ = false;
  } else if (newest_ - number >= size) {
    return;
  }
  seen_[number / 64 % words] |= bit_of(number);
}

}  // namespace gof::secure
