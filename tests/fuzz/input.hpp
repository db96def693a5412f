#pragma once

#include "base/bytes.hpp"

#include <algorithm>
#include <utility>

namespace gof::fuzz {

/// An input as a script: values are taken from its front, zeros after its end. Do not take two values in one
/// expression, except between braces: the order of evaluation depends on the compiler.
class script {
 public:
  explicit script(const_bytes all) : rest_(all) {}

  bool over() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto first = rest_[0];
    rest_ = rest_.subspan(1);
    return first;
  }
  std::uint16_t word() {
    const auto high = byte();
    return static_cast<std::uint16_t>(high << 8 | byte());
  }
  std::size_t below(std::size_t n) { return byte() % n; }
  bool flag() { return byte() % 2 != 0; }
  /// 0 to 15 << 15, from one byte.
  std::size_t size() {
    const auto code = byte();
    return static_cast<std::size_t>(code & 15u) << (code >> 4);
  }
  /// A length byte, then as many bytes, or what is left.
  const_bytes block() {
    const std::size_t wanted = byte();
    const auto length = std::min(wanted, rest_.size());
    const auto taken = rest_.first(length);
    rest_ = rest_.subspan(length);
    return taken;
  }
  const_bytes rest() { return std::exchange(rest_, {}); }

 private:
  const_bytes rest_;
};

}  // namespace gof::fuzz
