#pragma once

#include <string>
#include <vector>

namespace gof::daemon {

/// From where an address of this machine can be dialled.
enum class address_scope { anywhere, network, machine, nowhere };

/// Of an IP address in its text form; `nowhere`: link-local and the like, which mean nothing to another
/// machine.
address_scope scope_of(const std::string& address);

/// Of a host; a name may lead anywhere: who wrote it knows.
address_scope scope_of_host(const std::string& host);

/// The widest of these HOST:PORT.
address_scope widest_scope(const std::vector<std::string>& addresses);

/// What is wrong with where a ticket leads, and what to do; empty: nothing.
std::string scope_warning(address_scope best);

}  // namespace gof::daemon
