#pragma once

#include "cli/command_line.hpp"
#include "cli/joining.hpp"
#include "cli/node_program.hpp"
#include "cli/reachable.hpp"
#include "cli/reaching.hpp"
#include "dial/host_names.hpp"

namespace gof::cli {

/// How `forward` and `connect` get to their peer: as a guest by its ticket, or as a member of its mesh that
/// joins. What it is made from outlives it.
class attachment {
 public:
  attachment(const mesh_options& mesh, const place_options& place, node_program& program)
      : mesh_(mesh), place_(place), program_(program) {}

  using key_bytes = std::optional<std::array<std::uint8_t, 32>>;

  /// Before the node: join tickets are read, and the network key is settled; empty: a guest.
  outcome<key_bytes> prepare(reaching to);
  /// With the node: it listens where it was asked to, members are dialled, and the peer is.
  std::optional<failure> begin();

  const gof::peer& peer() const { return to_.who; }
  const std::string& mesh() const { return to_.mesh; }  ///< hexadecimal
  bool joins() const { return !mesh_.join.empty(); }
  std::vector<std::string> listening() const { return texts_of(at_); }

 private:
  std::optional<failure> listen();

  const mesh_options& mesh_;
  const place_options& place_;
  node_program& program_;
  reaching to_;
  joining joined_;
  dial::host_names names_;  ///< of where it listens
  std::vector<cli::listening> at_;
};

}  // namespace gof::cli
