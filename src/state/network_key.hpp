#pragma once

#include "base/problem.hpp"
#include "base/random.hpp"
#include "secure/secret.hpp"

#include <filesystem>
#include <optional>

namespace gof::state {

/// The mesh's shared secret, and its origin: a key that gof made itself is replaced by a join ticket's; one
/// from a join ticket is not.
struct network_key {
  enum class origin { made_here, join_ticket };

  secure::secret32 key;
  origin from = origin::made_here;

  static network_key draw(random_source& random);
  bool operator==(const network_key&) const = default;
};

/// Empty if there is none: `forward` never creates one.
result<std::optional<network_key>> load_network_key(const std::filesystem::path& path);

/// For --network-key FILE, which must exist.
result<network_key> load_named_network_key(const std::filesystem::path& path);

/// The result of keeping a join ticket's key.
struct joined_key {
  enum class outcome {
    same,      ///< this key is kept already; nothing is written
    kept,      ///< there was none
    replaced,  ///< one made here was replaced: tickets printed before are void
    refused,   ///< `other`, from an earlier join ticket, stays
  };
  outcome what{};
  network_key other;  ///< the key replaced, or the one that stays
};

/// Keeps the key of a join ticket. One process at a time, under the lock of `PATH.lock`.
result<joined_key> keep_joined_network_key(const std::filesystem::path& path, const secure::secret32& key);

/// For the first `serve`; as careful as load_or_create_key().
result<network_key> load_or_create_network_key(const std::filesystem::path& path, random_source& random);

}  // namespace gof::state
