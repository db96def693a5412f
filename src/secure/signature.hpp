#pragma once

#include "base/id.hpp"
#include "secure/identity.hpp"

#include <array>
#include <string_view>

namespace gof::secure {

/// Ed25519 (RFC 8032).
using signature64 = std::array<std::uint8_t, 64>;

/// Over label | message. The label tells one use of the key from another (TLS signs with it as well, behind
/// 64 blanks), so none may be the beginning of another.
signature64 sign(const identity& by, std::string_view label, const_bytes message);

/// False also for a peer id that is no key.
bool verify(const peer_id& by, std::string_view label, const_bytes message, const signature64& signature);

}  // namespace gof::secure
