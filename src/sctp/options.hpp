#pragma once

#include <usrsctp.h>

#include <cstddef>
#include <cstdint>

/// usrsctp's options, set from settings.hpp. False: usrsctp refused (no memory; any other reason is a bug).
namespace gof::sctp {

/// A socket of usrsctp's; the system's socket() stands before the bare name.
using handle = struct ::socket*;

/// For the whole process, right after its init.
bool set_defaults();

/// Before connect or listen; an accepted socket inherits these.
bool set_endpoint_options(handle on);

/// On every socket, an accepted one too.
bool set_line_options(handle on, std::size_t send_space);

/// On an accepted socket as well: it inherits the MTU, but not that heartbeats are off (measured: one an
/// hour).
bool set_path(handle on, bool connected);

/// Of an association that stands: with a replay ring SCTP's own repeats have time.
bool set_ring_timeouts(handle on, bool has_ring);

bool set_send_space(handle on, std::size_t send_space);

sockaddr_conn address_of(std::uintptr_t number, std::uint16_t port);

}  // namespace gof::sctp
