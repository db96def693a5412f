#pragma once

#include <string>
#include <string_view>

namespace gof::os {

/// Opens /dev/null in place of stdin, stdout and stderr if they are closed, so that no socket gets their
/// number. stdout is not writable then: a write of data must fail rather than be lost.
void open_standard_descriptors();

/// No core files, and no other process of the user may read the memory, since it holds keys and tickets.
void keep_secrets_in();

/// Allows as many descriptors as the system permits.
void raise_descriptor_limit();

/// A peer name derived from the machine's, for --name.
std::string host_name();

/// Whether a read or write with this error should be retried: it was interrupted by a signal, or the
/// descriptor is not ready. It may be non-blocking because a process that shares it has made it so.
bool is_passing(int error);

/// Waits until the descriptor is ready for these poll(2) events, or a signal arrives.
void wait_for(int descriptor, short events);

/// Writes all of `text` to the descriptor, and waits if that is non-blocking. False: it could not be written.
bool write_all(int descriptor, std::string_view text);

}  // namespace gof::os
