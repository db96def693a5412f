#pragma once

#include "base/bytes.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace gof::sctp {

class association;

/// usrsctp, which is one to a process: its one timer wheel and its table of associations. The shell (or the
/// simulator) owns the only one and lends it to its nodes; a second one alive at a time is a bug (asserts).
/// Not thread safe: every call, and every call on its associations, from one thread.
class stack {
 public:
  stack();
  ~stack();  ///< every association must be gone; runs usrsctp's own end, bounded
  stack(const stack&) = delete;
  stack& operator=(const stack&) = delete;

  /// Tells usrsctp how much time passed. `now` never decreases. A tick may produce packets, messages or the
  /// end of any association on this stack, whichever node it belongs to: poll them all after it.
  void advance(instant now);

  /// When advance() is due next: 10 ms on while an association is busy and for 1 s after; empty while all are
  /// idle.
  std::optional<instant> poll_timeout() const;

  /// How often advance() was called: whether it may have moved something since one last looked.
  std::uint64_t ticks() const { return ticks_; }

  /// A buffer of poll_packet() or poll_message() that is done with: the next packet or message is put in it.
  void reuse(bytes&& spent);

  struct registry;
  registry& table() { return *registry_; }

 private:
  std::uint64_t ticks_ = 0;
  std::unique_ptr<registry> registry_;
};

}  // namespace gof::sctp
