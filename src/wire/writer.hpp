#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"

#include <array>
#include <cassert>
#include <concepts>

namespace gof::wire {

/// Appends big-endian fields.
class writer {
 public:
  explicit writer(bytes& to) : to_(to) {}

  template <std::unsigned_integral T>
  writer& number(T value) {
    for (std::size_t i = sizeof(T); i-- > 0;) to_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
  }
  writer& u8(std::uint8_t v) { return number(v); }
  writer& u16(std::uint16_t v) { return number(v); }
  writer& u32(std::uint32_t v) { return number(v); }
  writer& u64(std::uint64_t v) { return number(v); }

  writer& block(const_bytes data) {
    append(to_, data);
    return *this;
  }
  writer& short_block(const_bytes data) {
    assert(data.size() <= 255);
    return u8(static_cast<std::uint8_t>(data.size())).block(data);
  }

 private:
  bytes& to_;
};

}  // namespace gof::wire
