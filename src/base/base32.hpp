#pragma once

#include "base/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gof {

/// RFC 4648 base32, lower case, without padding.
std::string to_base32(const_bytes data);

/// Takes either case. Empty on a foreign character, an impossible length or bits left over that are not zero:
/// each value has exactly one text.
std::optional<bytes> from_base32(std::string_view text);

}  // namespace gof
