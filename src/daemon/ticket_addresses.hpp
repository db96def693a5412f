#pragma once

#include "daemon/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gof::daemon {

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
/// The same, of what was asked for and of this machine's interfaces.
std::vector<std::string> advertised_addresses(const address_settings& asked, const std::vector<listening>& at,
                                              const std::vector<std::vector<std::string>>& members);

}  // namespace gof::daemon
