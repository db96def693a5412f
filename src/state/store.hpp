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

  /// Empty: there is none; only the two below make one.
  result<std::optional<state::network_key>> network_key() const;
  result<state::network_key> network_key_or_new(random_source& random);
  /// Keeps a join ticket's.
  result<joined_key> keep_joined(const secure::secret32& key);

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
  std::optional<state::network_key> noted_network_key_;
  std::optional<std::uint16_t> noted_port_;
};

}  // namespace gof::state
