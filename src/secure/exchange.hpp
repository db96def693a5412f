#pragma once

#include "base/time.hpp"
#include "secure/tls.hpp"
#include "wire/crypto.hpp"

#include <optional>

namespace gof::secure {

/// A TLS handshake carried in CRYPTO messages: ordered by offset, acknowledged, and repeated on a timer of
/// its own where the path may lose them (0.5, 1, 2, 2, ... s between end nodes; never on a link, which is
/// reliable). MACs and the key field are the caller's: it checks them before handle_crypto(), and fills them
/// in after poll_crypto(). gof-protocol(7), HANDSHAKE.
///
/// `done` is not the end on a lossy path: the client repeats its last flight until the server has
/// acknowledged it, and a server that is done answers such a repeat with an acknowledgement. So the owner
/// keeps the object, feeds and polls it, until something authentic under the new keys has come from the other
/// side; that also makes up for a last acknowledgement that got lost. It sets the deadlines, too: repeats end
/// by themselves 10 s after the start, and the status then stays what it was.
class exchange {
 public:
  enum class delivery { reliable, lossy };
  using attempt_id = wire::crypto::attempt_id;

  exchange(instant now, const identity& self, side role, const attempt_id& attempt, delivery path);

  /// Takes only messages of this attempt from the other side; others are ignored.
  void handle_crypto(instant now, const wire::crypto& message);
  void handle_timeout(instant now);

  /// The next piece to send, at most `wire::crypto::largest_piece` bytes of handshake; also an empty one that
  /// only acknowledges, where the path is lossy.
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
  instant last_repeat_;           ///< none after this
  bytes out_;                     ///< everything we ever had to say, from offset 0
  std::size_t sent_ = 0;          ///< up to here it was sent since the last repeat
  std::size_t sent_ever_ = 0;     ///< up to here it was sent at all, so may be acknowledged
  std::size_t acknowledged_ = 0;  ///< up to here the other side has it
  std::size_t received_ = 0;      ///< up to here we have what the other side said
  bool acknowledge_ = false;      ///< something came that is to be acknowledged
  bool answered_again_ = false;   ///< once before each timeout, or a few bytes would draw a flight each
  unsigned repeats_ = 0;          ///< since the last progress
  std::optional<instant> repeat_at_;

  void take_acknowledgement(instant now, std::size_t offset);
  void take_piece(std::size_t offset, const_bytes piece);
  void say_again();
  void collect();
};

}  // namespace gof::secure
