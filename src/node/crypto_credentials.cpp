#include "node/crypto_credentials.hpp"

#include "secure/crypto_mac.hpp"
#include "secure/derive.hpp"

namespace gof::core {
namespace {

std::optional<session_credentials> named_by(const wire::crypto& message, const node_config& config,
                                            const std::optional<session_credentials>& ours) {
  if (ours && ours->kind == message.key && ours->grant == message.grant) return ours;
  if (!config.network_key) return std::nullopt;
  session_credentials with;
  with.kind = message.key;
  with.grant = message.grant;
  const auto key = message.key == wire::crypto::key_kind::network
                       ? *config.network_key
                       : secure::guest_link_key(*config.network_key, config.self.id(), message.grant);
  with.crypto_key = secure::link_secrets(key).crypto;
  return with;
}

}  // namespace

std::optional<session_credentials> credentials_of(const node_config& config, const node_id& self,
                                                  const std::optional<session_credentials>& ours,
                                                  const link::received& packet, const wire::crypto& message) {
  auto with = named_by(message, config, ours);
  if (with && !secure::verify(with->crypto_key, message, packet.type, packet.head.source, self))
    return std::nullopt;
  return with;
}

}  // namespace gof::core
