#pragma once

#include "base/time.hpp"
#include "secure/protection.hpp"
#include "secure/replay_window.hpp"
#include "wire/frame.hpp"
#include "wire/packet.hpp"

#include <cstdint>

namespace gof::core {

/// The keys of one handshake between two end nodes: both directions, packet numbers, and which numbers were
/// already received.
class keyset {
 public:
  keyset(const secure::session_keys& keys, secure::side self, std::uint8_t phase);

  /// The number of the next packet; each is given out once.
  std::uint64_t take_number() { return next_++; }

  /// Seals kind | body into `out` (1 + body + tag bytes), under the number and phase in `head`.
  void seal(const wire::packet& head, wire::frame_type type, std::uint8_t kind, const_bytes body,
            mutable_bytes out);

  /// Opens in place. False: a replay, or not authentic; the latter leaves garbage in `sealed`.
  [[nodiscard]] bool open(const wire::packet& head, wire::frame_type type, mutable_bytes sealed);

  /// The highest packet number that was opened.
  std::uint64_t newest() const { return window_.newest(); }
  std::uint8_t phase() const { return phase_; }
  secure::side role() const { return role_; }
  std::uint64_t sealed() const { return next_; }
  const secure::session_keys& keys() const { return keys_; }

 private:
  secure::session_keys keys_;
  secure::sealer sealer_;
  secure::opener opener_;
  secure::replay_window window_;
  std::uint64_t next_ = 0;
  secure::side role_;  ///< our role in the handshake
  std::uint8_t phase_;
};

}  // namespace gof::core
