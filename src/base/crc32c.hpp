#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace gof {

/// CRC-32C (Castagnoli), as RFC 9260 computes it. Detects a mistyped or truncated text, but not a forged one.
std::uint32_t crc32c(const_bytes data);

}  // namespace gof
