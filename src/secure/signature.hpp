#pragma once

#include "base/id.hpp"
#include "secure/identity.hpp"

#include <array>
#include <string_view>

namespace gof::secure {

/// Ed25519 (RFC 8032).
using signature64 = std::array<std::uint8_t, 64>;

/// Signs label | message. The label distinguishes the uses of the key, so no label may be a prefix of
/// another. TLS signs with the same key; its label begins with 64 blanks.
signature64 sign(const identity& by, std::string_view label, const_bytes message);

/// False also if the peer id is not a valid key.
bool verify(const peer_id& by, std::string_view label, const_bytes message, const signature64& signature);

}  // namespace gof::secure
