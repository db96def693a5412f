#pragma once

#include "base/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gof {

/// RFC 4648 base32, in lower case, without padding.
std::string to_base32(const_bytes data);

/// Accepts either case. Empty on a foreign character, an impossible length or non-zero bits left over: so
/// each value has exactly one text.
std::optional<bytes> from_base32(std::string_view text);

}  // namespace gof
