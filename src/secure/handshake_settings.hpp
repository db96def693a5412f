#pragma once

#include "base/id.hpp"
#include "secure/openssl.hpp"

#include <optional>
#include <string>

// Included by sources of src/secure only.
namespace gof::secure {

/// What came of the peer's certificate. Each SSL made from the settings carries a pointer to its own, set
/// with SSL_set_app_data.
struct verdict {
  std::optional<peer_id> peer;
  std::string refusal;
};

/// The settings of every handshake, both roles, made once: a context costs more than a handshake. Null if
/// OpenSSL gives us none; its fault stands in the error queue at the first call.
SSL_CTX* handshake_settings();

}  // namespace gof::secure
