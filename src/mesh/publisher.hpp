#pragma once

#include "base/time.hpp"
#include "secure/identity.hpp"
#include "wire/record.hpp"

#include <optional>

namespace gof::core {

/// One of our own records: when it is time for a new one, and the making of it.
class publisher {
 public:
  static constexpr duration coalescing = 200ms;      ///< changes rarely come alone
  static constexpr duration shortest_interval = 2s;  ///< in the long run
  /// So many more may come at once: a chain of nodes that start comes up without waiting for it.
  static constexpr int burst = 2;
  static constexpr std::uint32_t lifetime = 600;  ///< seconds: so long a node that vanished is remembered
  static constexpr duration refresh_interval = std::chrono::seconds(lifetime) / 2;

  publisher(wire::record_part part, const secure::identity& self, const instance_id& instance)
      : part_(part), self_(self), instance_(instance) {}

  /// What it says is not right any more. The first record goes out at once.
  void handle_change(instant now);
  bool is_due(instant now) const { return due_ && now >= *due_; }
  wire::record make(instant now, bytes body);
  std::optional<instant> poll_timeout() const { return due_; }

 private:
  wire::record_part part_;
  secure::identity self_;
  instance_id instance_;
  std::uint64_t seq_ = 0;
  instant paid_until_{};  ///< an interval for each record (the generic cell rate algorithm)
  std::optional<instant> due_;
};

}  // namespace gof::core
