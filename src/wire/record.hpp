#pragma once

#include "base/id.hpp"

#include <array>
#include <compare>
#include <limits>
#include <optional>
#include <string_view>

namespace gof::wire {

/// A node describes itself in two records, each renewed independently.
enum class record_part : std::uint8_t {
  links = 1,    ///< wire/record_links.hpp
  profile = 2,  ///< wire/record_profile.hpp
};
std::optional<record_part> record_part_from(std::uint8_t number);

/// Identifies a record; used in HAVE and WANT.
struct record_name {
  static constexpr std::size_t size = node_id::size + 1;
  node_id node;
  record_part part = record_part::links;
  auto operator<=>(const record_name&) const = default;
};

/// A record on the wire: what a node says about itself, signed by it. gof-protocol(7), RECORDS.
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
/// Decoding checks the format only, not the signature or the body.
struct record {
  static constexpr std::string_view signature_label = "gof record";
  static constexpr std::size_t signature_size = 64;
  static constexpr std::size_t head_size = 54;
  static constexpr std::size_t largest = 16'384;
  static constexpr std::size_t largest_body = largest - head_size - signature_size;
  static constexpr std::uint32_t longest_lifetime = 3'600;  ///< seconds; a dead node is listed so long
  /// Never used: no later record could replace one with this number.
  static constexpr std::uint64_t no_seq = std::numeric_limits<std::uint64_t>::max();

  record_part part = record_part::links;
  peer_id peer;
  instance_id instance;
  std::uint64_t seq = 0;
  std::uint32_t lifetime = 0;  ///< seconds, at most
  bytes body;
  std::array<std::uint8_t, signature_size> signature{};

  /// The bytes that the signature covers, without the label.
  bytes signed_part() const;
  bytes encode() const;
  static std::optional<record> decode(const_bytes data);
};

}  // namespace gof::wire
