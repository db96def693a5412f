#pragma once

#include "base/id.hpp"
#include "wire/open_options.hpp"
#include "wire/reason.hpp"

#include <array>
#include <optional>
#include <string>
#include <variant>

namespace gof::wire {

/// Frames of byte streams: one SCTP message each, the payload protocol identifier tells the kind. All start
/// with the stream's number (8 bytes; the session's client counts odd, its server even, never reused).
/// gof-protocol(7), STREAMS.
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

/// OPEN asks for a connection to a service, PROBE only whether one would be had.
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
  std::uint32_t credit = 0;  ///< what the other side may send before the first CREDIT; 0 in a PROBE
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

/// Answers OPEN and PROBE; the text (<= 200 bytes of UTF-8) tells a person more.
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
  const_bytes data;  ///< points into what was decoded
  bytes encode_head() const;
};

/// No DATA follows in this direction. `taken` is how much of the other direction the sender's local side has
/// taken, in bytes from the stream's beginning: here as in RST and TAKEN.
struct stream_fin {
  stream_number number = 0;
  std::uint64_t taken = 0;
  bytes encode() const;
};

/// Both directions are over: the sender's behind `offset`, which may be ahead of the DATA that came so far.
struct stream_rst {
  stream_number number = 0;
  reason why = reason::none;
  std::uint64_t offset = 0;
  std::uint64_t taken = 0;
  bytes encode() const;
};

/// The other direction was finished, and the local side has taken all of it.
struct stream_taken {
  stream_number number = 0;
  std::uint64_t taken = 0;
  bytes encode() const;
};

/// The absolute offset up to which the other side may send. Only its own RETURN lowers it.
struct stream_credit {
  stream_number number = 0;
  std::uint64_t limit = 0;
  bytes encode() const;
};

/// Credit that the sender has not used for a while and will not use, for the receiver has a budget for all of
/// its streams. Void if a CREDIT beyond `seen` is on its way: that one counts at both ends.
struct stream_return {
  stream_number number = 0;
  std::uint64_t seen = 0;   ///< the limit that the sender had
  std::uint64_t keeps = 0;  ///< the limit that it has now; at most `seen`
  bytes encode() const;
};

struct stream_probed {
  stream_number number = 0;
  bytes encode() const;
};

using stream_message = std::variant<stream_open, stream_accept, stream_refuse, stream_data, stream_fin,
                                    stream_rst, stream_credit, stream_probed, stream_taken, stream_return>;

/// Empty: malformed, or a kind that is not known (which a caller tells by `known`).
std::optional<stream_message> decode_stream(std::uint32_t kind, const_bytes data);
bool known_stream_frame(std::uint32_t kind);

}  // namespace gof::wire
