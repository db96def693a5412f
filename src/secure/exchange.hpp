#pragma once

#include "base/time.hpp"
#include "secure/tls.hpp"
#include "wire/crypto.hpp"

#include <optional>

namespace gof::secure {

/// A TLS handshake carried in CRYPTO messages: ordered by offset and acknowledged. On a path that may lose
/// messages they are repeated (after 0.5, 1, 2, 2, ... s); on a link, which is reliable, never. The caller
/// handles MACs and the key field: it checks them before handle_crypto() and sets them after poll_crypto().
/// gof-protocol(7), HANDSHAKE.
///
/// On a lossy path `done` is not the end: the client repeats its last flight until the server acknowledges
/// it, and a server that is done answers the repeat with an acknowledgement. So the owner must keep the
/// object, feed it and poll it until the other side has sent something authentic under the new keys; that
/// replaces an acknowledgement that was lost. The owner also sets the deadline: repeats end by themselves
/// 10 s after the start, but the status stays as it was.
class exchange {
 public:
  enum class delivery { reliable, lossy };
  using attempt_id = wire::crypto::attempt_id;

  exchange(instant now, const identity& self, side role, const attempt_id& attempt, delivery path);

  /// Takes messages of this attempt from the other side; ignores all others.
  void handle_crypto(instant now, const wire::crypto& message);
  void handle_timeout(instant now);

  /// The next piece to send, at most `wire::crypto::largest_piece` bytes of handshake. On a lossy path it may
  /// be empty, and then only acknowledges.
  std::optional<wire::crypto> poll_crypto(instant now);
  std::optional<instant> poll_timeout() const;

  tls::state status() const;
  const std::string& failure() const;
  const session_keys& keys() const;
  side role() const;
  const attempt_id& attempt() const;

 private:
  tls tls_;
  side role_;
  delivery path_;
  attempt_id attempt_;
  instant last_repeat_;           ///< no repeats after this time
  bytes out_;                     ///< everything that was sent or is to be sent, from offset 0
  std::size_t sent_ = 0;          ///< offset: sent since the last repeat
  std::size_t sent_ever_ = 0;     ///< offset: sent at least once, so may be acknowledged
  std::size_t acknowledged_ = 0;  ///< offset: acknowledged by the other side
  std::size_t received_ = 0;      ///< offset: received from the other side
  bool acknowledge_ = false;      ///< a piece arrived that needs an acknowledgement
  bool answered_again_ = false;   ///< once before each timeout: a few bytes must not draw a flight each
  unsigned repeats_ = 0;          ///< since the last progress
  std::optional<instant> repeat_at_;

  void take_acknowledgement(instant now, std::size_t offset);
  void take_piece(std::size_t offset, const_bytes piece);
  void say_again();
  void collect();
};

}  // namespace gof::secure
