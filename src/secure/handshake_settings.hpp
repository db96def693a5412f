#pragma once

#include "base/id.hpp"
#include "secure/openssl.hpp"

#include <optional>
#include <string>

// Included by sources of src/secure only.
namespace gof::secure {

/// The result of checking the peer's certificate. Each SSL object made from the settings has a pointer to its
/// own, set with SSL_set_app_data.
struct verdict {
  std::optional<peer_id> peer;
  std::string refusal;
};

/// The settings of every handshake, in both roles. Made once, since a context costs more than a handshake.
/// Null if OpenSSL provides none; at the first call the error queue then has the reason.
SSL_CTX* handshake_settings();

}  // namespace gof::secure
