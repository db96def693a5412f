#pragma once

#include "base/bytes.hpp"

#include <cstdio>
#include <cstdlib>

namespace gof::fuzz {

/// Checks in every build. An assert would be missing in the builds that fuzz fastest.
inline void check(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%d does not hold\n", file, line);
  std::abort();
}

/// The first byte selects a decoder of a family; the rest is its input.
struct choice {
  std::uint8_t which = 0;
  const_bytes data;
};

inline choice split(const_bytes data) {
  return data.empty() ? choice{} : choice{data[0], data.subspan(1)};
}

inline bool equal(const_bytes a, const_bytes b) {
  return std::ranges::equal(a, b);
}

/// What was accepted is encoded to something that decodes to the same, and is no longer than the input.
template <class Message>
void check_stable(const_bytes data) {
  const auto message = Message::decode(data);
  if (!message) return;
  const auto written = message->encode();
  check(written.size() <= data.size());
  const auto again = Message::decode(written);
  check(again && equal(again->encode(), written));
}

/// Each value has a single form: what was accepted is encoded exactly as it came.
template <class Message>
void check_canonical(const_bytes data) {
  if (const auto message = Message::decode(data)) check(equal(message->encode(), data));
}

}  // namespace gof::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
