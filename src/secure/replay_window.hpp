#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace gof::secure {

/// Which of the last 16,384 packet numbers have been seen (RFC 4303, 3.4.3, as a ring of words).
class replay_window {
 public:
  static constexpr std::uint64_t size = 16384;

  /// Whether `number` may be accepted: not seen yet, and not older than the window.
  bool fresh(std::uint64_t number) const;
  /// Marks `number` as seen. Only for an authentic packet.
  void mark(std::uint64_t number);
  std::uint64_t newest() const { return newest_; }
  bool is_newest(std::uint64_t number) const { return empty_ || number > newest_; }

 private:
  /// One word more than needed: a word is cleared as a whole when it is entered.
  static constexpr std::size_t words = size / 64 + 1;
  std::array<std::uint64_t, words> seen_{};
  std::uint64_t newest_ = 0;
  bool empty_ = true;
};

}  // namespace gof::secure
