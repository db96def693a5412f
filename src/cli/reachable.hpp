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

/// Each as HOST:PORT.
std::vector<std::string> texts_of(const std::vector<listening>& at);

/// What a ticket says of them: at most four HOST:PORT, those reached from furthest first; loopback only when
/// there is nothing else.
std::vector<std::string> ticket_addresses(const std::vector<listening>& at,
                                          const std::vector<std::string>& own);

/// All that a ticket says: `advertised`, then `detected` (what ticket_addresses() gave), then some of those
/// of the members dialled, a list each; at most four. The latter keep two of the places: a peer that nobody
/// reaches has no other way, and may have many addresses of its own.
std::vector<std::string> announced_addresses(const std::vector<std::string>& advertised,
                                             const std::vector<std::string>& detected,
                                             const std::vector<std::vector<std::string>>& members);

/// From where they are reached at best.
reach best_reach(const std::vector<std::string>& addresses);

}  // namespace gof::cli
