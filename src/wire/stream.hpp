#pragma once

#include "base/id.hpp"
#include "wire/open_options.hpp"
#include "wire/reason.hpp"

#include <array>
#include <optional>
#include <string>
#include <variant>

namespace gof::wire {

/// Frames of byte streams, each an SCTP message whose payload protocol identifier is the frame's kind. All
/// begin with the stream's number (8 bytes), which is never reused; the session's client opens streams with
/// odd numbers, its server with even ones. gof-protocol(7), STREAMS.
enum class stream_frame : std::uint32_t {
  open = 1,
  accept = 2,
  refuse = 3,
  data = 4,
  fin = 5,
  rst = 6,
  credit = 7,
  probe = 8,
  probed = 9,
  taken = 10,
  returned = 11,
};

using stream_number = std::uint64_t;

/// OPEN asks for a connection to a service; PROBE asks whether one would be accepted.
///
///     +---------------------------------------------------------------+
///     |                          number (8)                           |
///     +---------------------------------------------------------------+
///     | grant (16), zero: none                                        |
///     +---------------------------------------------------------------+
///     | MAC (16): token over the session's proof key and the grant    |
///     +-------------------------------+-------------------------------+
///     | credit (4)                    | length, service (<= 255) ...  |
///     +-------------------------------+-------------------------------+
///     | options (<= 512) ...                                          |
///     +---------------------------------------------------------------+
struct stream_open {
  static constexpr std::size_t mac_size = 16;

  stream_number number = 0;
  grant_id grant;
  std::array<std::uint8_t, mac_size> mac{};
  std::uint32_t credit = 0;  ///< how much the other side may send before the first CREDIT; 0 in a PROBE
  std::string service;
  bool probe = false;
  open_options options{};

  bytes encode() const;
};

struct stream_accept {
  stream_number number = 0;
  std::uint32_t credit = 0;
  bytes encode() const;
};

/// Answers OPEN and PROBE. The text (<= 200 bytes of UTF-8) is an explanation for people.
struct stream_refuse {
  static constexpr std::size_t longest_text = 200;
  stream_number number = 0;
  reason why = reason::none;
  std::string text;
  bytes encode() const;
};

struct stream_data {
  static constexpr std::size_t head_size = 8;
  stream_number number = 0;
  const_bytes data;  ///< a view of the decoded message
  bytes encode_head() const;
  void encode_head(mutable_bytes to) const;  ///< head_size bytes, in their place before the data
};

/// The sender sends no more DATA. `taken` here, in RST and in TAKEN: how many bytes of the other direction,
/// counted from the stream's beginning, the sender's program has taken.
struct stream_fin {
  stream_number number = 0;
  std::uint64_t taken = 0;
  bytes encode() const;
};

/// Both directions are over; the sender's ends at `offset`, up to which more DATA may still arrive.
struct stream_rst {
  stream_number number = 0;
  reason why = reason::none;
  std::uint64_t offset = 0;
  std::uint64_t taken = 0;
  bytes encode() const;
};

/// The other direction had ended, and the sender's program has taken all of it.
struct stream_taken {
  stream_number number = 0;
  std::uint64_t taken = 0;
  bytes encode() const;
};

/// The absolute offset up to which the other side may send. Only a RETURN from that side lowers it.
struct stream_credit {
  stream_number number = 0;
  std::uint64_t limit = 0;
  bytes encode() const;
};

/// Credit that the sender has not used for a while, and gives back: the receiver has one budget for all of
/// its streams. Void if a CREDIT beyond `seen` is on its way; then that CREDIT applies at both ends.
struct stream_return {
  stream_number number = 0;
  std::uint64_t seen = 0;   ///< the sender's limit so far
  std::uint64_t keeps = 0;  ///< the sender's new limit; at most `seen`
  bytes encode() const;
};

struct stream_probed {
  stream_number number = 0;
  bytes encode() const;
};

using stream_message = std::variant<stream_open, stream_accept, stream_refuse, stream_data, stream_fin,
                                    stream_rst, stream_credit, stream_probed, stream_taken, stream_return>;

/// Empty: malformed, or of an unknown kind; known_stream_frame() tells which.
std::optional<stream_message> decode_stream(std::uint32_t kind, const_bytes data);
bool known_stream_frame(std::uint32_t kind);

}  // namespace gof::wire
