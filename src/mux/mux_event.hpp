#pragma once

#include "wire/reason.hpp"
#include "wire/stream.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <variant>

/// What a mux reports.
namespace gof::core::mux_event {

struct incoming {
  wire::stream_open asked;
};
struct accepted {
  wire::stream_number stream;
};
struct refused {
  wire::stream_number stream;
  wire::reason why;
  std::string text;
};
struct probed {
  wire::stream_number stream;
};
struct readable {
  wire::stream_number stream;
};
struct writable {
  wire::stream_number stream;
};
/// The other side's local end has taken so much of what was written.
struct confirmed {
  wire::stream_number stream;
  std::uint64_t taken;
};
/// The other side reset it: nothing more can be written. What came before the reset is still read, and
/// reset_by_peer follows behind it.
struct ending {
  wire::stream_number stream;
  wire::reason why;
};
/// The other side reset it, and all that came before was read; the number is dead.
struct reset_by_peer {
  wire::stream_number stream;
  wire::reason why;
};
/// Ended well both ways, and each side's local end took all of it; the number is dead.
struct done {
  wire::stream_number stream;
};
/// The peer broke the protocol: the session must end.
struct violation {
  const char* what;
};
using any = std::variant<incoming, accepted, refused, probed, readable, writable, confirmed, ending,
                         reset_by_peer, done, violation>;

using queue = std::deque<any>;  ///< polled after each input, which adds few

}  // namespace gof::core::mux_event
