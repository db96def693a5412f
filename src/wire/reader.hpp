#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"

#include <array>
#include <concepts>

namespace gof::wire {

/// Reads big-endian fields from the front. Once data was missing, all further reads return zeros and ok() is
/// false; so a decoder needs only one check, at its end.
class reader {
 public:
  explicit reader(const_bytes data) : rest_(data) {}

  template <std::unsigned_integral T>
  T number() {
    T value = 0;
    for (const auto byte : take(sizeof(T)))
      value = static_cast<T>(static_cast<std::uint64_t>(value) << 8 | byte);
    return value;
  }
  std::uint8_t u8() { return number<std::uint8_t>(); }
  std::uint16_t u16() { return number<std::uint16_t>(); }
  std::uint32_t u32() { return number<std::uint32_t>(); }
  std::uint64_t u64() { return number<std::uint64_t>(); }

  const_bytes take(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
    }
    const auto taken = rest_.first(std::min(size, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }

  template <class Id>
  Id id() {
    return Id(take(Id::size));
  }

  template <std::size_t Size>
  std::array<std::uint8_t, Size> array() {
    std::array<std::uint8_t, Size> out{};
    const auto taken = take(Size);
    std::copy(taken.begin(), taken.end(), out.begin());
    return out;
  }

  /// A length byte, followed by as many bytes.
  const_bytes short_block() { return take(u8()); }

  const_bytes rest() {
    const auto all = rest_;
    rest_ = {};
    return all;
  }

  bool ok() const { return ok_; }
  /// Nothing was missing and nothing is left over.
  bool done() const { return ok_ && rest_.empty(); }
  std::size_t left() const { return rest_.size(); }

 private:
  const_bytes rest_;
  bool ok_ = true;
};

}  // namespace gof::wire
