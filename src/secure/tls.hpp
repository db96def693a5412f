#pragma once

#include "base/id.hpp"
#include "secure/identity.hpp"
#include "secure/secret.hpp"

#include <memory>
#include <optional>
#include <string>

namespace gof::secure {

enum class side : std::uint8_t { client = 0, server = 1 };
enum class cipher : std::uint8_t { aes_128_gcm, chacha20_poly1305 };

/// Whether this machine computes AES in hardware. If not, only ChaCha20 is offered.
bool aes_hardware();

struct direction_keys {
  secret32 key;
  secret<12> iv;
};

/// The result of a finished handshake: the AEAD that TLS negotiated, the peer whose key was proved, and keys
/// from the TLS exporter. The exporter's context is always the client's peer id followed by the server's:
///   "EXPORTER-gof-v1", 120 bytes: client's key 32, IV 12, server's key 32, IV 12, proof key 32;
///   "EXPORTER-gof-ports", 2 bytes: the port bits.
/// AES-128 uses the first 16 bytes of a key.
struct session_keys {
  cipher aead = cipher::aes_128_gcm;
  direction_keys client_to_server;
  direction_keys server_to_client;
  secret32 proof;
  std::array<std::uint8_t, 2> port_bits{};  ///< for the SCTP ports of a session
  peer_id peer;
};

/// One TLS 1.3 handshake over memory buffers, with self-signed Ed25519 certificates on both sides, of which
/// only the key counts. TLS sends no data after it: it only yields keys.
///
/// The client is `done` before the server has checked its certificate, so its owner must keep feeding it: the
/// server's alert turns `done` into `failed`. So does any other message that arrives after `done`.
class tls {
 public:
  /// If OpenSSL cannot be set up, the state is `failed` from the start.
  tls(const identity& self, side role, bool with_aes = aes_hardware());
  ~tls();
  tls(tls&&) noexcept;
  tls& operator=(tls&&) noexcept;

  enum class state { running, done, failed };

  /// Bytes from the other side, in order. More than `handshake_limit` in total fails at once.
  state handle_bytes(const_bytes data);

  /// Bytes to send now; also after `done` (the client's last flight) and after `failed` (the alert).
  bytes poll_bytes();

  state status() const;
  const std::string& failure() const;  ///< why, in OpenSSL's words; logged with -v
  const session_keys& keys() const;    ///< only while `done`

  /// The most bytes accepted from the other side in total; a regular handshake sends about 900.
  static constexpr std::size_t handshake_limit = 8 * 1024;

 private:
  struct engine;
  std::unique_ptr<engine> engine_;
};

}  // namespace gof::secure
