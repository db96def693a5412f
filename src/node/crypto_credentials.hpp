#pragma once

#include "link/link.hpp"
#include "node/config.hpp"
#include "session/session.hpp"
#include "wire/crypto.hpp"

#include <optional>

namespace gof::core {

/// The credentials that authenticated a CRYPTO message: those of our own attempt with its sender (`ours`), or
/// those that a member can compute. Empty: its MAC is wrong, or it names a key that we do not have.
std::optional<session_credentials> credentials_of(const node_config& config, const node_id& self,
                                                  const std::optional<session_credentials>& ours,
                                                  const link::received& packet, const wire::crypto& message);

}  // namespace gof::core
