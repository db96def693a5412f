#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gof {

using bytes = std::vector<std::uint8_t>;
using const_bytes = std::span<const std::uint8_t>;
using mutable_bytes = std::span<std::uint8_t>;

inline const_bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

inline std::string_view as_text(const_bytes data) {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

inline void append(bytes& to, const_bytes data) {
  to.insert(to.end(), data.begin(), data.end());
}

}  // namespace gof
