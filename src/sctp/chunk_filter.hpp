#pragma once

#include "base/bytes.hpp"
#include "sctp/association.hpp"
#include "sctp/chunk.hpp"

#include <array>

namespace gof::sctp {

/// Protects usrsctp: passes only what a regular gof node would send in the association's present state, since
/// a proved peer may still be hostile and usrsctp 0.9.5.0 has weaknesses. A packet passes as a whole or not
/// at all. The filter lists what may pass, so an unexpected chunk does not. No usrsctp, no clock.
class chunk_filter {
 public:
  chunk_filter(association::role as, std::uint16_t port) : role_(as), port_(port) {}

  /// Whether usrsctp may see a packet from the peer. Follows the handshake in the packets that pass.
  bool passes(const_bytes packet);

  /// Sees our packets: a server remembers the cookies that it sent, and accepts no other.
  void handle_sent(const_bytes packet);

  /// The association is up: from now on no handshake passes, except a repeated cookie.
  void handle_established();

 private:
  struct passage;
  bool allowed(const chunk& seen, passage& so_far) const;
  bool sane_cookie_echo(const_bytes cookie) const;

  /// INITs answered on one path: four retries, after 1, 2 and 4 s, take longer than a path may.
  static constexpr std::size_t cookies_kept = 4;

  association::role role_;
  std::uint16_t port_;
  bool begun_ = false;  ///< client: an INIT-ACK has passed; server: a COOKIE-ECHO has
  bool established_ = false;
  std::array<bytes, cookies_kept> issued_;
  std::size_t next_issued_ = 0;
  bytes echoed_;  ///< the last cookie that passed; once established, the only one accepted
};

}  // namespace gof::sctp
