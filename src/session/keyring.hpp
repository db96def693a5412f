#pragma once

#include "base/random.hpp"
#include "base/time.hpp"
#include "session/attempt.hpp"
#include "session/keyset.hpp"

#include <optional>
#include <string>

namespace gof::core {

/// The keys of a session, from one handshake to the next.
///
///     begin() or handle_crypto()   an attempt is under way
///     agreed(), then adopt()       it has made the next keys; packets under them can be opened
///     promote()                    the other side has them too: they are current, those before are previous
class keyring {
 public:
  keyring(const secure::identity& self, random_source& random) : self_(self), random_(random) {}

  // ---- the attempt
  /// As the client.
  void begin(instant now, const session_credentials& with);
  /// True: the other side began an attempt, which took the place of what was under way. Where both begin at
  /// once the smaller attempt stays.
  bool handle_crypto(instant now, const wire::crypto& message, const session_credentials& with);
  std::optional<wire::crypto> poll_crypto(instant now, const node_id& source, const node_id& destination);
  /// Why it failed; null: it did not. It may after adopt(), too: the other side judges last.
  const std::string* failure() const;
  /// What it agreed on, until this is adopted or dropped; null: nothing yet.
  const secure::session_keys* agreed() const;
  const keyset& adopt();
  /// With the next keys, if it has made them.
  void drop_attempt();
  /// Drops it if it takes too long. The next renewal is due when another one of its length could have ended.
  bool drop_expired(instant now);

  // ---- the keys
  /// Opens in place; null: under none of them.
  keyset* open(const wire::packet& head, wire::frame_type type, mutable_bytes sealed);
  void seal(const wire::packet& head, wire::frame_type type, std::uint8_t kind, const_bytes body,
            mutable_bytes out);
  /// Those for packets; null: there are none. A client whose first HELLO is not answered yet sends under the
  /// next ones already; a renewal waits for the answer.
  keyset* sending() { return current_ ? &*current_ : next_ ? &*next_ : nullptr; }
  /// Those for a HELLO.
  keyset& newest() { return next_ ? *next_ : *current_; }
  bool is_next(const keyset& keys) const { return next_ && &*next_ == &keys; }
  bool has_current() const { return current_.has_value(); }
  void promote(instant now);
  /// Leaves the next ones alone: with them another session begins.
  void drop_current();

  // ---- their age
  /// When the client is to begin the next attempt; empty: not while one is under way.
  std::optional<instant> renewal() const { return attempt_ ? std::nullopt : renew_at_; }
  /// Makes a renewal due if the current keys have sealed many packets.
  void renew_if_worn();
  /// The current keys have sealed as many as they may.
  bool is_worn_out() const { return current_ && current_->sealed() >= most_packets; }
  void handle_timeout(instant now);
  std::optional<instant> poll_timeout() const;  ///< without renewal()

  static constexpr duration key_lifetime = 1h;
  static constexpr std::uint64_t packets_per_key = std::uint64_t{1} << 23;
  static constexpr std::uint64_t most_packets = std::uint64_t{1} << 24;  ///< no renewal by then: the end
  static constexpr duration old_keys_time = 30s;

 private:
  const secure::identity& self_;
  random_source& random_;
  std::optional<attempt> attempt_;
  std::optional<keyset> current_;
  std::optional<keyset> next_;
  std::optional<keyset> previous_;
  instant previous_until_{};
  std::optional<instant> renew_at_;
};

}  // namespace gof::core
