#pragma once

#include "base/id.hpp"
#include "secure/secret.hpp"
#include "secure/tls.hpp"

#include <initializer_list>
#include <string_view>

namespace gof::secure {

std::array<std::uint8_t, 32> sha256(std::initializer_list<const_bytes> parts);

/// HMAC-SHA256 over the concatenated parts, cut to 16 bytes.
mac16 hmac16(const secret32& key, std::initializer_list<const_bytes> parts);

/// Constant-time comparison; false if the sizes differ.
bool same(const_bytes a, const_bytes b);

/// HKDF-SHA256 (RFC 5869) without salt; info = label | context parts.
secret32 hkdf(const_bytes key, std::string_view label, std::initializer_list<const_bytes> context = {});
inline secret32 hkdf(const secret32& key, std::string_view label,
                     std::initializer_list<const_bytes> context = {}) {
  return hkdf(key.view(), label, context);
}

/// The network key's public name: HKDF(network key, "mesh"), cut to 8 bytes.
mesh_id mesh_of(const secret32& network_key);

/// The key with which the holder of a service ticket opens links: HKDF(network key, "guest", issuer | grant).
/// Any member can compute it.
secret32 guest_link_key(const secret32& network_key, const peer_id& issuer, const grant_id& grant);

/// A network or link key has a subkey for each use: "hello", "crypto" and "proof".
struct link_secrets {
  explicit link_secrets(const secret32& network_or_link_key);
  secret32 hello;
  secret32 crypto;
  secret32 proof;
};

/// First 8 bytes of SHA-256(peer | instance).
node_id node_of(const peer_id& peer, const instance_id& instance);

/// The proof of holding a ticket's token, in OPEN and PROBE: HMAC-16(token, end-to-end proof key | grant).
mac16 token_proof(const secret32& token, const secret32& session_proof_key, const grant_id& grant);

/// Lets the two ends of a session detect that they run on one host. It is
/// HMAC-16(end-to-end proof key, "gof host" | role | host), which reveals nothing to a peer on another host;
/// the role prevents sending it back as one's own. Zero: the host is not known.
mac16 host_proof(const secret32& session_proof_key, side role, const host_id& host);

}  // namespace gof::secure
