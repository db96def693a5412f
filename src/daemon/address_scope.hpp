#pragma once

#include <string>
#include <vector>

namespace gof::daemon {

/// From where an address of this machine can be reached.
enum class address_scope { anywhere, network, machine, nowhere };

/// The scope of an IP address in text form. `nowhere`: link-local and the like, useless to another machine.
address_scope scope_of(const std::string& address);

/// The scope of a host. A name is `anywhere`, since it is known only to the user who wrote it.
address_scope scope_of_host(const std::string& host);

/// The widest scope of these HOST:PORT.
address_scope widest_scope(const std::vector<std::string>& addresses);

/// What is wrong with the addresses of a ticket, and what to do; empty: nothing.
std::string scope_warning(address_scope best);

}  // namespace gof::daemon
