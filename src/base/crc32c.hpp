#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace gof {

/// CRC-32C (Castagnoli), as RFC 9260 computes it: notices a text mistyped or cut, and stops no one who forges
/// it.
std::uint32_t crc32c(const_bytes data);

}  // namespace gof
