#pragma once

#include "daemon/failure.hpp"
#include "daemon/settings.hpp"
#include "log/logger.hpp"
#include "state/store.hpp"

#include <string>
#include <vector>

namespace gof::daemon {

/// The nodes that --join names.
struct bootstrap {
  std::optional<secure::secret32> network_key;   ///< from the join tickets; empty: there is none
  std::vector<std::vector<std::string>> places;  ///< HOST:PORT, one list for each --join
};

/// Reads the join tickets. Fails with 2 or 78 if they are of two meshes, and names both.
outcome<bootstrap> read_bootstrap(const std::vector<join_source>& from);

/// The network key of a member: from --network-key; else from a join ticket, and kept; else the one kept
/// before. Without any a new one is made, but a node that joins by HOST:PORT fails with 2.
outcome<secure::secret32> member_key(const mesh_settings& asked, const bootstrap& joined, state::store& kept,
                                     random_source& random, log::logger& log);

/// The public name of the mesh, hexadecimal.
std::string mesh_text(const secure::secret32& network_key);

/// "... are of two meshes, A and B; one node is in one mesh".
std::string two_meshes(const std::string& what, const std::string& one, const std::string& other);

}  // namespace gof::daemon
