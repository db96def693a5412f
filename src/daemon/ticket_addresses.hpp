#pragma once

#include "daemon/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace gof::daemon {

/// An address at which links are accepted; all zeros: on every interface.
struct listening {
  std::string host;  ///< as the user wrote it; names are kept
  std::uint16_t port = 0;
};

/// Each as HOST:PORT.
std::vector<std::string> texts_of(const std::vector<listening>& at);

/// The addresses for a ticket: at most four HOST:PORT, those of the widest scope first; loopback only if
/// there is nothing else.
std::vector<std::string> ticket_addresses(const std::vector<listening>& at,
                                          const std::vector<std::string>& own);

/// All addresses of a ticket: `advertised`, then `detected` (from ticket_addresses()), then some of the
/// members dialled, one list for each; at most four. Two places are kept for those of members: a peer that
/// cannot be reached directly depends on them, however many addresses it has itself.
std::vector<std::string> announced_addresses(const std::vector<std::string>& advertised,
                                             const std::vector<std::string>& detected,
                                             const std::vector<std::vector<std::string>>& members);
/// The same, from the settings and this machine's interfaces.
std::vector<std::string> advertised_addresses(const address_settings& asked, const std::vector<listening>& at,
                                              const std::vector<std::vector<std::string>>& members);

}  // namespace gof::daemon
