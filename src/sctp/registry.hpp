#pragma once

#include "sctp/stack.hpp"

#include <unordered_map>
#include <unordered_set>
#include <vector>

struct socket;  // usrsctp's

namespace gof::sctp {

struct endpoint;

/// The inside of the stack that its associations share.
struct stack::registry {
  /// Numbers an endpoint: usrsctp's "address" of both its ends. Never zero, never used twice, never a
  /// pointer, for it travels in cookies and usrsctp still names it after the socket was closed.
  std::uintptr_t enter(endpoint& one);
  void leave(std::uintptr_t number);
  endpoint* find(std::uintptr_t number) const;

  /// Brings usrsctp's clock up to `now`, to a tick. Called before every call that may start or read a timer.
  void tell(instant now);

  /// Ticks are wanted for this one (or no longer).
  void mark(instant now, std::uintptr_t number, bool busy);

  bytes take_buffer();
  void give_buffer(bytes&& spent);

  static registry* present;  ///< usrsctp is one to a process, and so is this

  std::unordered_map<std::uintptr_t, endpoint*>
      endpoints;                            ///< bounded by who makes associations: one a session
  std::unordered_set<std::uintptr_t> busy;  ///< a part of them
  std::vector<bytes> spare;                 ///< settings::spare_buffers
  std::size_t kept = 0;                     ///< bytes in replay rings: settings::replay_space
  bytes scratch;                            ///< one message on its way from usrsctp
  std::uintptr_t last_number = 0;
  std::optional<instant> told;  ///< usrsctp's present
  std::optional<instant> due;
  instant busy_until{};
};

/// usrsctp's callbacks, which name an endpoint by its number: late ones, for sockets long closed, find none.
int handle_output(void* number, void* data, std::size_t size, std::uint8_t, std::uint8_t);
void handle_upcall(struct ::socket*, void* number, int);

}  // namespace gof::sctp
