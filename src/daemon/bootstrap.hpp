#pragma once

#include "daemon/failure.hpp"
#include "daemon/settings.hpp"
#include "log/logger.hpp"
#include "state/store.hpp"

#include <string>
#include <vector>

namespace gof::daemon {

/// Whom --join names.
struct bootstrap {
  std::optional<secure::secret32> network_key;   ///< of the join tickets; empty: there is none among them
  std::vector<std::vector<std::string>> places;  ///< HOST:PORT, a list for each --join
};

/// Join tickets read from wherever they are; 2 or 78 when they are of two meshes, naming both.
outcome<bootstrap> read_bootstrap(const std::vector<join_source>& from);

/// The network key of a member: that of --network-key, else a join ticket's, which is kept then, else the one
/// kept. Without any one is made, but for who joins: 2.
outcome<secure::secret32> member_key(const mesh_settings& asked, const bootstrap& joined, state::store& kept,
                                     random_source& random, log::logger& log);

/// The mesh's public name, hexadecimal.
std::string mesh_text(const secure::secret32& network_key);

/// "... are of two meshes, A and B; one node is in one mesh".
std::string two_meshes(const std::string& what, const std::string& one, const std::string& other);

}  // namespace gof::daemon
