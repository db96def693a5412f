#pragma once

#include "base/bytes.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace gof::sctp {

class association;

/// usrsctp, of which a process has only one: its timers and its table of associations. The shell (or the
/// simulator) owns the stack and lends it to its nodes; a second one at the same time is a bug (asserts). Not
/// thread safe: all calls, also those on its associations, must be on one thread.
class stack {
 public:
  stack();
  ~stack();  ///< every association must be gone; waits, within a limit, for usrsctp to finish
  stack(const stack&) = delete;
  stack& operator=(const stack&) = delete;

  /// Advances usrsctp's time. `now` never decreases. A tick may produce packets, messages or the end of any
  /// association on this stack, whichever node it belongs to: poll them all afterwards.
  void advance(instant now);

  /// When advance() is due next: after 10 ms while an association is busy, and for 1 s more; empty while all
  /// are idle.
  std::optional<instant> poll_timeout() const;

  /// How often advance() was called. If that has changed since the last look, anything may have changed.
  std::uint64_t ticks() const { return ticks_; }

  struct registry;
  registry& table() { return *registry_; }

 private:
  std::uint64_t ticks_ = 0;
  std::unique_ptr<registry> registry_;
};

}  // namespace gof::sctp
