#pragma once

#include "base/bytes.hpp"

#include <array>
#include <compare>
#include <cstring>
#include <functional>

namespace gof {

/// An identifier of fixed size. Types of the same size cannot be mixed up.
template <class Tag, std::size_t Size>
struct octets {
  static constexpr std::size_t size = Size;

  std::array<std::uint8_t, Size> value{};

  octets() = default;
  explicit octets(const_bytes from) { std::copy_n(from.data(), std::min(Size, from.size()), value.begin()); }

  const_bytes view() const { return value; }
  bool is_zero() const {
    return std::all_of(value.begin(), value.end(), [](std::uint8_t b) { return b == 0; });
  }
  // Not the defaults, which call memcmp() for each comparison in a look-up; a fixed size needs no call.
  bool operator==(const octets& other) const {
    return std::memcmp(value.data(), other.value.data(), Size) == 0;
  }
  std::strong_ordering operator<=>(const octets& other) const {
    if constexpr (Size == sizeof(std::uint64_t))
      return in_order() <=> other.in_order();
    else
      return std::memcmp(value.data(), other.value.data(), Size) <=> 0;
  }

  struct hash {
    std::size_t operator()(const octets& id) const {
      std::size_t mixed = 0;
      std::memcpy(&mixed, id.value.data(), std::min(sizeof mixed, Size));
      return mixed * 0x9e3779b97f4a7c15u;
    }
  };

 private:
  /// Numbers in the order of the octets.
  std::uint64_t in_order() const {
    std::uint64_t number = 0;
    for (const auto one : value) number = number << 8 | one;
    return number;
  }
};

using peer_id = octets<struct peer_tag, 32>;  ///< who: an Ed25519 public key
using node_id = octets<struct node_tag, 8>;   ///< where: one running process of a peer
/// Random at each start. Hashed with the peer id it gives the node id.
using instance_id = octets<struct instance_tag, 8>;
using mesh_id = octets<struct mesh_tag, 8>;     ///< the public name of a mesh, which does not reveal its key
using grant_id = octets<struct grant_tag, 16>;  ///< the public name of what a ticket grants; all zero: none
/// A network namespace in one boot of one machine; all zero: not known.
using host_id = octets<struct host_tag, 32>;
using session_id = octets<struct session_tag, 8>;  ///< one session between two nodes

/// A link of this process; never reused.
enum class link_id : std::uint64_t {};

/// A stream of this process, whichever session it belongs to; never reused.
enum class stream_id : std::uint64_t {};

}  // namespace gof
