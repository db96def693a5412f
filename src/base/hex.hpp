#pragma once

#include "base/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gof {

/// Hexadecimal, lower case: two digits for each byte.
std::string to_hex(const_bytes data);

/// Accepts either case. Empty if a character is not a digit, or if half a byte is left over.
std::optional<bytes> from_hex(std::string_view text);

}  // namespace gof
