#pragma once

#include "base/id.hpp"
#include "wire/address.hpp"

#include <optional>
#include <string>
#include <vector>

namespace gof::wire {

/// The body of a profile record.
///
///     +---------------+-----------------------------------------------+
///     | name's length | name (<= 63 bytes of UTF-8, for people only) ...
///     +---------------+-----------------------------------------------+
///     | services      | each: length, name ...
///     +---------------+-----------------------------------------------+
///     | withdrawn     | each: grant id (16) ...
///     +---------------+-----------------------------------------------+
///     | addresses     | each: length, host, port (2) ...
///     +---------------+-----------------------------------------------+
///
/// More may follow in later versions and is ignored.
struct record_profile {
  static constexpr std::size_t longest_name = 63;
  static constexpr std::size_t most_services = 64;
  static constexpr std::size_t most_withdrawn = 32;
  static constexpr std::size_t most_addresses = 4;

  std::string name;
  std::vector<std::string> services;
  std::vector<grant_id> withdrawn;  ///< the newest ones
  std::vector<address> addresses;   ///< where the node may be dialled

  bytes encode() const;
  static std::optional<record_profile> decode(const_bytes data);
  bool operator==(const record_profile&) const = default;
};

}  // namespace gof::wire
