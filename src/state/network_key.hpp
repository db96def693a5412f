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

/// What became of a join ticket's key.
struct joined_key {
  enum class outcome {
    same,      ///< it was there already, wherever from; nothing is written
    kept,      ///< there was none
    replaced,  ///< one made here gave way to it: tickets printed before are void
    refused,   ///< another join ticket brought `other`, which stays
  };
  outcome what{};
  network_key other;  ///< replaced: what it was; refused: what it is
};

/// Keeps the key that a join ticket brought. One at a time, under the lock of `PATH.lock`.
result<joined_key> keep_joined_network_key(const std::filesystem::path& path, const secure::secret32& key);

/// For the first `serve`; with the care of load_or_create_key().
result<network_key> load_or_create_network_key(const std::filesystem::path& path, random_source& random);

}  // namespace gof::state
