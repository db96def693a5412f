#pragma once

#include "base/buffer.hpp"
#include "sctp/stack.hpp"

#include <unordered_map>
#include <unordered_set>
#include <vector>

struct socket;  // usrsctp's

namespace gof::sctp {

struct endpoint;

/// The part of the stack that its associations share.
struct stack::registry {
  /// Numbers an endpoint: usrsctp's "address" of both its ends. The number is never zero, never reused, and
  /// no pointer, since it is sent in cookies, and usrsctp may use it after the socket was closed.
  std::uintptr_t enter(endpoint& one);
  void leave(std::uintptr_t number);
  endpoint* find(std::uintptr_t number) const;

  /// Advances usrsctp's clock to `now`, in ticks. Call it before any call that may start or read a timer.
  void tell(instant now);

  /// Whether ticks are needed for this endpoint.
  void mark(instant now, std::uintptr_t number, bool busy);

  bytes take_buffer();
  void give_buffer(bytes&& spent);
  /// The buffer of `scratch` with its first `size` bytes, which becomes the caller's.
  buffer take_scratch(std::size_t size);

  static registry* present;  ///< one for a process, like usrsctp

  /// No cap here: there is one for each session.
  std::unordered_map<std::uintptr_t, endpoint*> endpoints;
  std::unordered_set<std::uintptr_t> busy;  ///< those that need ticks
  std::vector<bytes> spare;                 ///< at most settings::spare_buffers
  std::size_t kept = 0;                     ///< bytes in replay rings; at most settings::replay_space
  buffer scratch;                           ///< room for one message from usrsctp; empty
  std::uintptr_t last_number = 0;
  std::optional<instant> told;  ///< the time that usrsctp has reached
  std::optional<instant> due;
  instant busy_until{};
};

/// usrsctp's callbacks. They name an endpoint by its number; late ones, for closed sockets, find none.
int handle_output(void* number, void* data, std::size_t size, std::uint8_t, std::uint8_t);
void handle_upcall(struct ::socket*, void* number, int);

}  // namespace gof::sctp
