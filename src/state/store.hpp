#pragma once

#include "secure/identity.hpp"
#include "state/folder.hpp"
#include "state/grant_file.hpp"
#include "state/network_key.hpp"

#include <cstdint>
#include <optional>

namespace gof::state {

/// Everything that a peer keeps, in its folder or, with --ephemeral, in memory. In memory each item is
/// created when first needed and stays the same while this object exists.
class store {
 public:
  static store in(folder where);
  static store in_memory();

  result<secure::identity> identity(random_source& random);

  /// Empty: there is none; only the two functions below create one.
  result<std::optional<state::network_key>> network_key() const;
  result<state::network_key> network_key_or_new(random_source& random);
  /// Keeps the key of a join ticket.
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
