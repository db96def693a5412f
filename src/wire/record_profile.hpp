#pragma once

#include "base/id.hpp"
#include "base/peer_name.hpp"
#include "wire/address.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gof::wire {

/// The body of a profile record.
///
///     +---------------+-----------------------------------------------+
///     | name's length | name (<= 63 bytes, for people only) ...
///     +---------------+-----------------------------------------------+
///     | services      | each: length, name ...
///     +---------------+-----------------------------------------------+
///     | withdrawn     | each: grant id (16) ...
///     +---------------+-----------------------------------------------+
///     | addresses     | each: length, host, port (2) ...
///     +---------------+-----------------------------------------------+
///
/// Later versions may append fields, which are ignored.
struct record_profile {
  static constexpr std::size_t longest_name = longest_peer_name;
  static constexpr std::size_t most_services = 64;
  static constexpr std::size_t most_withdrawn = 32;
  static constexpr std::size_t most_addresses = 4;

  std::string name;  ///< empty after decoding unless is_peer_name() holds
  std::vector<std::string> services;
  std::vector<grant_id> withdrawn;  ///< the newest ones
  std::vector<address> addresses;   ///< at which the node can be reached

  bytes encode() const;
  static std::optional<record_profile> decode(const_bytes data);
  bool operator==(const record_profile&) const = default;
};

}  // namespace gof::wire
