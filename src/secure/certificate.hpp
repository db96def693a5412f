#pragma once

#include "base/id.hpp"

#include <optional>

namespace gof::secure {

/// The key an X.509 certificate (DER) is about. Empty unless it is an Ed25519 key in the one encoding RFC
/// 8410 and DER leave; nothing else in the certificate is looked at.
std::optional<peer_id> certified_key(const_bytes der);

}  // namespace gof::secure
