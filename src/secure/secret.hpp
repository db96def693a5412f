#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstddef>

namespace gof::secure {

/// Overwrites memory in a way that the compiler does not remove (OPENSSL_cleanse).
void wipe(void* data, std::size_t size);

/// Key material: wiped on destruction, never printed, compared in constant time.
template <std::size_t Size>
class secret {
 public:
  secret() = default;
  explicit secret(const_bytes from) { std::copy_n(from.data(), std::min(Size, from.size()), value_.begin()); }
  secret(const secret&) = default;
  secret& operator=(const secret&) = default;
  ~secret() { wipe(value_.data(), Size); }

  const_bytes view() const { return value_; }
  mutable_bytes writable() { return value_; }

  bool operator==(const secret& other) const {
    unsigned difference = 0;
    for (std::size_t i = 0; i < Size; ++i) difference |= static_cast<unsigned>(value_[i] ^ other.value_[i]);
    return difference == 0;
  }

 private:
  std::array<std::uint8_t, Size> value_{};
};

using secret32 = secret<32>;
using mac16 = std::array<std::uint8_t, 16>;

}  // namespace gof::secure
