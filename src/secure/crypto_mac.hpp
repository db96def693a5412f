#pragma once

#include "base/id.hpp"
#include "secure/secret.hpp"
#include "wire/crypto.hpp"
#include "wire/frame.hpp"

namespace gof::secure {

/// A CRYPTO message proves knowledge of the network or link key before any state is made for it: its MAC
/// covers the message, the frame's type and both node ids (zero on a link, whose ends do not know each other
/// yet).
void sign(const secret32& crypto_key, wire::crypto& message, wire::frame_type type, const node_id& source,
          const node_id& destination);
bool verify(const secret32& crypto_key, const wire::crypto& message, wire::frame_type type,
            const node_id& source, const node_id& destination);

}  // namespace gof::secure
