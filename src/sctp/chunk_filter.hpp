#pragma once

#include "base/bytes.hpp"
#include "sctp/association.hpp"
#include "sctp/chunk.hpp"

#include <array>

namespace gof::sctp {

/// Stands before usrsctp: lets through only what a well-behaved gof would send in the association's present
/// state, for a proved peer may still be hostile and usrsctp 0.9.5.0 is not proof against everything. A
/// packet passes whole or not. It names what may pass, so a chunk nobody thought of does not. Pure: no
/// usrsctp, no clock.
class chunk_filter {
 public:
  chunk_filter(association::role as, std::uint16_t port) : role_(as), port_(port) {}

  /// A packet from the peer: may usrsctp see it? Remembers the handshake as it passes.
  bool passes(const_bytes packet);

  /// A packet of ours: a server remembers which cookies it gave out, and takes no other back.
  void handle_sent(const_bytes packet);

  /// The association stands: from here on the handshake is closed but for a repeated cookie.
  void handle_established();

 private:
  struct passage;
  bool allowed(const chunk& seen, passage& so_far) const;
  bool sane_cookie_echo(const_bytes cookie) const;

  /// INITs answered on one path: four retries at 1, 2 and 4 s are more than the time a path is given.
  static constexpr std::size_t cookies_kept = 4;

  association::role role_;
  std::uint16_t port_;
  bool begun_ = false;  ///< client: an INIT-ACK passed; server: a COOKIE-ECHO passed
  bool established_ = false;
  std::array<bytes, cookies_kept> issued_;
  std::size_t next_issued_ = 0;
  bytes echoed_;  ///< the last cookie that passed; once established the only one
};

}  // namespace gof::sctp
