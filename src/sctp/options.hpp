#pragma once

#include <usrsctp.h>

#include <cstddef>
#include <cstdint>

/// usrsctp's options, set from settings.hpp. False: usrsctp refused, for lack of memory or because of a bug.
namespace gof::sctp {

/// A socket of usrsctp. Written `struct ::socket`, since the bare name is also the system's function.
using handle = struct ::socket*;

/// For the whole process, right after usrsctp's initialization.
bool set_defaults();

/// Before connect or listen; accepted sockets inherit these options.
bool set_endpoint_options(handle on);

/// For every socket, accepted ones included.
bool set_line_options(handle on, std::size_t send_space);

/// Also for accepted sockets: they inherit the MTU, but not that heartbeats are off (measured: one an hour).
bool set_path(handle on, bool connected);

/// For an association that is up: with a replay ring SCTP's own timeout may be long.
bool set_ring_timeouts(handle on, bool has_ring);

bool set_send_space(handle on, std::size_t send_space);

sockaddr_conn address_of(std::uintptr_t number, std::uint16_t port);

}  // namespace gof::sctp
