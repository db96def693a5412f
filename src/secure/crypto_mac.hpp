#pragma once

#include "base/id.hpp"
#include "secure/secret.hpp"
#include "wire/crypto.hpp"
#include "wire/frame.hpp"

namespace gof::secure {

/// The MAC of a CRYPTO message proves knowledge of the network key or a link key before the receiver keeps
/// any state for it. It covers the message, the frame's type and both node ids, which are zero on a link,
/// since its ends do not know each other yet.
void sign(const secret32& crypto_key, wire::crypto& message, wire::frame_type type, const node_id& source,
          const node_id& destination);
bool verify(const secret32& crypto_key, const wire::crypto& message, wire::frame_type type,
            const node_id& source, const node_id& destination);

}  // namespace gof::secure
