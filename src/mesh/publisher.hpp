#pragma once

#include "base/time.hpp"
#include "secure/identity.hpp"
#include "wire/record.hpp"

#include <optional>

namespace gof::core {

/// Builds one of our own records, and decides when a new one is due.
class publisher {
 public:
  static constexpr duration coalescing = 200ms;      ///< the wait for further changes
  static constexpr duration shortest_interval = 2s;  ///< on average
  /// This many more may follow at once, so that a chain of starting nodes comes up without delay.
  static constexpr int burst = 2;
  static constexpr std::uint32_t lifetime = 600;  ///< seconds; a node that vanished is remembered so long
  static constexpr duration refresh_interval = std::chrono::seconds(lifetime) / 2;

  publisher(wire::record_part part, const secure::identity& self, const instance_id& instance)
      : part_(part), self_(self), instance_(instance) {}

  /// The record no longer says what is true. A new one is due at once, unless `more` changes are expected in
  /// a moment, or others were a moment ago; the first record waits for nothing.
  void handle_change(instant now, bool more = false);
  bool is_due(instant now) const { return due_ && now >= *due_; }
  wire::record make(instant now, bytes body);
  std::optional<instant> poll_timeout() const { return due_; }

 private:
  wire::record_part part_;
  secure::identity self_;
  instance_id instance_;
  std::uint64_t seq_ = 0;
  instant made_{};        ///< when the last record was made
  instant paid_until_{};  ///< generic cell rate algorithm: each record adds an interval
  std::optional<instant> due_;
};

}  // namespace gof::core
