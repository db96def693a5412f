#pragma once

#include "base/id.hpp"

#include <optional>

namespace gof::secure {

/// The public key in an X.509 certificate (DER). Empty unless it is an Ed25519 key in the single encoding
/// that RFC 8410 and DER allow. Nothing else in the certificate is examined.
std::optional<peer_id> certified_key(const_bytes der);

}  // namespace gof::secure
