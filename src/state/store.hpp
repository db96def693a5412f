#pragma once

#include "secure/identity.hpp"
#include "state/folder.hpp"
#include "state/grant_file.hpp"
#include "state/network_key.hpp"

#include <cstdint>
#include <optional>

namespace gof::state {

/// All that a peer keeps, in its folder or, with --ephemeral, in memory: then each is drawn when first asked
/// for, stays the same while this object lives, and nothing is written.
class store {
 public:
  static store in(folder where);
  static store in_memory();

  result<secure::identity> identity(random_source& random);

  /// Empty: there is none; only network_key_or_new() makes one.
  result<std::optional<state::network_key>> network_key() const;
  result<state::network_key> network_key_or_new(random_source& random);

  result<std::optional<std::uint16_t>> port() const;
  result<bool> keep_port(std::uint16_t port);

  grant_file& grants() { return grants_; }

  /// Empty: in memory.
  const std::optional<folder>& where() const { return where_; }

 private:
  explicit store(std::optional<folder> where);

  std::optional<folder> where_;
  grant_file grants_;
  std::optional<secure::identity> drawn_identity_;
  std::optional<state::network_key> drawn_network_key_;
  std::optional<std::uint16_t> noted_port_;
};

}  // namespace gof::state
