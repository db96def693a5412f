#pragma once

#include "base/id.hpp"

#include <array>
#include <compare>
#include <limits>
#include <optional>
#include <string_view>

namespace gof::wire {

/// A node says what it is in two records, each renewed on its own.
enum class record_part : std::uint8_t {
  links = 1,    ///< wire/record_links.hpp
  profile = 2,  ///< wire/record_profile.hpp
};
std::optional<record_part> record_part_from(std::uint8_t number);

/// What a record is known by: HAVE and WANT name it so.
struct record_name {
  static constexpr std::size_t size = node_id::size + 1;
  node_id node;
  record_part part = record_part::links;
  auto operator<=>(const record_name&) const = default;
};

/// A record as it travels: what a node says of itself, signed by it. gof-protocol(7), RECORDS.
///
///     +---------------+---------------+-------------------------------+
///     | version 1     | part          | peer id (32) ...
///     +---------------+---------------+-------------------------------+
///     |                         instance (8)                          |
///     +---------------------------------------------------------------+
///     |                      sequence number (8)                      |
///     +-------------------------------+-------------------------------+
///     | lifetime (4), seconds         | body, by the part ...
///     +-------------------------------+-------------------------------+
///     | signature (64) over "gof record" | all of the above           |
///     +---------------------------------------------------------------+
///
/// Only the form is checked here: not the signature, and not the body.
struct record {
  static constexpr std::string_view signature_label = "gof record";
  static constexpr std::size_t signature_size = 64;
  static constexpr std::size_t head_size = 54;
  static constexpr std::size_t largest = 16'384;
  static constexpr std::size_t largest_body = largest - head_size - signature_size;
  static constexpr std::uint32_t longest_lifetime = 3'600;  ///< seconds; so long a dead node may be told of
  /// Never used: no later record could take its place.
  static constexpr std::uint64_t no_seq = std::numeric_limits<std::uint64_t>::max();

  record_part part = record_part::links;
  peer_id peer;
  instance_id instance;
  std::uint64_t seq = 0;
  std::uint32_t lifetime = 0;  ///< seconds, at most
  bytes body;
  std::array<std::uint8_t, signature_size> signature{};

  /// What the signature is over, without the label.
  bytes signed_part() const;
  bytes encode() const;
  static std::optional<record> decode(const_bytes data);
};

}  // namespace gof::wire
