#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace gof::secure {

/// Which packet numbers were seen, over the last 16,384 (RFC 4303, 3.4.3, as a ring of words).
class replay_window {
 public:
  static constexpr std::uint64_t size = 16384;

  /// Whether `number` may still be taken: neither seen nor older than the window.
  bool fresh(std::uint64_t number) const;
  /// Marks it as seen; only for a packet that was authentic.
  void mark(std::uint64_t number);
  std::uint64_t newest() const { return newest_; }
  bool is_newest(std::uint64_t number) const { return empty_ || number > newest_; }

 private:
  static constexpr std::size_t words =
      size / 64 + 1;  // one to spare: the word being entered is cleared whole
  std::array<std::uint64_t, words> seen_{};
  std::uint64_t newest_ = 0;
  bool empty_ = true;
};

}  // namespace gof::secure
