#include "wire/frame.hpp"

namespace gof::wire {
namespace {

constexpr std::size_t tag_size = 16;

}  // namespace

std::array<std::uint8_t, frame::prefix_size> frame::encode() const {
  return {static_cast<std::uint8_t>(length >> 16),
          static_cast<std::uint8_t>(length >> 8),
          static_cast<std::uint8_t>(length),
          type,
          static_cast<std::uint8_t>(header_length >> 8),
          static_cast<std::uint8_t>(header_length)};
}

std::optional<frame> frame::decode(const_bytes prefix) {
  if (prefix.size() < prefix_size) return std::nullopt;
  frame f;
  f.length = std::size_t{prefix[0]} << 16 | std::size_t{prefix[1]} << 8 | prefix[2];
  f.type = prefix[3];
  f.header_length = std::size_t{prefix[4]} << 8 | prefix[5];
  if (f.length > largest - prefix_size) return std::nullopt;
  const auto sealed = is_clear(f.type) ? 0 : f.header_length + tag_size;
  if (is_clear(f.type) && f.header_length != 0) return std::nullopt;
  if (sealed > f.length) return std::nullopt;
  return f;
}

}  // namespace gof::wire
