#pragma once

#include <string>
#include <string_view>

namespace gof::os {

/// Opens /dev/null in the place of stdin, stdout and stderr where they are closed: a socket must not become
/// one. stdout stays unwritable, so that data meant for it is not lost without a word.
void open_standard_descriptors();

/// No core files, and no other process of the user looks into the memory: keys and tickets are there.
void keep_secrets_in();

/// As many descriptors as the system allows.
void raise_descriptor_limit();

/// The machine's name as a peer's, for --name.
std::string host_name();

/// The error of a read or write that is only to be tried again: a signal came, or the descriptor is
/// non-blocking (others that share it may have made it so) and not ready.
bool is_passing(int error);

/// Waits until the descriptor is ready for these poll(2) events, or a signal comes.
void wait_for(int descriptor, short events);

/// All of `text` to the descriptor, waiting also for a non-blocking one; false: it could not be written.
bool write_all(int descriptor, std::string_view text);

}  // namespace gof::os
