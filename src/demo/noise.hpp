#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace gof::demo {

/// Bytes without a pattern, generated faster than any path carries them (splitmix64). Not for secrets.
class noise {
 public:
  explicit noise(std::uint64_t seed) : state_(seed) {}

  /// The size of `out` must be a multiple of 8.
  void fill(std::vector<unsigned char>& out) {
    for (std::size_t at = 0; at + sizeof(std::uint64_t) <= out.size(); at += sizeof(std::uint64_t)) {
      const auto word = next();
      std::memcpy(out.data() + at, &word, sizeof word);
    }
  }

 private:
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace gof::demo
