#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gof::cli {

/// From where an address of this machine can be dialled.
enum class reach { anywhere, network, machine, nowhere };

/// Of an IP address in its text form; `nowhere`: link-local and the like, which mean nothing to another
/// machine.
reach reach_of(const std::string& address);

/// The machine's own addresses, of interfaces that are up (getifaddrs(3)).
std::vector<std::string> interface_addresses();

/// One place where links are accepted; an address of all zeros: on every interface.
struct listening {
  std::string host;  ///< as the person wrote it; a name is kept
  std::uint16_t port = 0;
};

/// What a ticket says of them: at most four HOST:PORT, those reached from furthest first; loopback only when
/// there is nothing else.
std::vector<std::string> ticket_addresses(const std::vector<listening>& at,
                                          const std::vector<std::string>& own);

/// From where they are reached at best.
reach best_reach(const std::vector<std::string>& addresses);

}  // namespace gof::cli
