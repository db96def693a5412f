#pragma once

#include "base/problem.hpp"
#include "base/random.hpp"
#include "secure/secret.hpp"

#include <filesystem>
#include <optional>

namespace gof::state {

/// The mesh's shared secret, and where it came from: one that gof made itself gives way to a join ticket's,
/// one from a join ticket does not.
struct network_key {
  enum class origin { made_here, join_ticket };

  secure::secret32 key;
  origin from = origin::made_here;

  static network_key draw(random_source& random);
  bool operator==(const network_key&) const = default;
};

/// Empty when there is none: `forward` never makes one.
result<std::optional<network_key>> load_network_key(const std::filesystem::path& path);

/// For --network-key FILE: there must be one.
result<network_key> load_named_network_key(const std::filesystem::path& path);

/// For the first `serve`; with the care of load_or_create_key().
result<network_key> load_or_create_network_key(const std::filesystem::path& path, random_source& random);

}  // namespace gof::state
