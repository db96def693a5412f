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
///     agreed(), then adopt()       the next keys exist; packets under them can be opened
///     promote()                    the other side has them too: next become current, current become previous
class keyring {
 public:
  keyring(const secure::identity& self, random_source& random) : self_(self), random_(random) {}

  // ---- the attempt
  /// Begins an attempt as the client.
  void begin(instant now, const session_credentials& with);
  /// True: the other side began an attempt, which replaced ours if there was one. If both begin at once, the
  /// attempt with the smaller id stays.
  bool handle_crypto(instant now, const wire::crypto& message, const session_credentials& with);
  std::optional<wire::crypto> poll_crypto(instant now, const node_id& source, const node_id& destination);
  /// Why the attempt failed; null: it did not. It may fail after adopt() too: the other side judges last.
  const std::string* failure() const;
  /// The keys that were agreed on, until they are adopted or dropped; null: none yet.
  const secure::session_keys* agreed() const;
  const keyset& adopt();
  /// Also drops the next keys, if the attempt has made them.
  void drop_attempt();
  /// Drops an attempt that takes too long. The next one starts a full time limit later.
  bool drop_expired(instant now);

  // ---- the keys
  /// Opens in place; null: none of the keys fit.
  keyset* open(const wire::packet& head, wire::frame_type type, mutable_bytes sealed);
  void seal(const wire::packet& head, wire::frame_type type, std::uint8_t kind, const_bytes body,
            mutable_bytes out);
  /// The keys for packets; null: there are none. Until its first HELLO is answered a client already sends
  /// under the next keys; in a renewal it waits for the answer.
  keyset* sending() { return current_ ? &*current_ : next_ ? &*next_ : nullptr; }
  /// The keys for a HELLO.
  keyset& newest() { return next_ ? *next_ : *current_; }
  bool is_next(const keyset& keys) const { return next_ && &*next_ == &keys; }
  bool has_current() const { return current_.has_value(); }
  void promote(instant now);
  /// Keeps the next keys: another session begins with them.
  void drop_current();

  // ---- their age
  /// When the client is to begin the next attempt; empty while one is under way.
  std::optional<instant> renewal() const { return attempt_ ? std::nullopt : renew_at_; }
  /// Makes a renewal due once the current keys have sealed many packets.
  void renew_if_worn();
  /// The current keys have sealed as many packets as they may.
  bool is_worn_out() const { return current_ && current_->sealed() >= most_packets; }
  void handle_timeout(instant now);
  std::optional<instant> poll_timeout() const;  ///< does not include renewal()

  static constexpr duration key_lifetime = 1h;
  static constexpr std::uint64_t packets_per_key = std::uint64_t{1} << 23;
  static constexpr std::uint64_t most_packets = std::uint64_t{1} << 24;  ///< without renewal the session ends
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
