#pragma once

#include "base/fifo.hpp"
#include "wire/reason.hpp"
#include "wire/stream.hpp"

#include <cstdint>
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
/// The other side's local end has taken this many of the bytes that were written.
struct confirmed {
  wire::stream_number stream;
  std::uint64_t taken;
};
/// The other side reset the stream: nothing more can be written. What it sent before can still be read, and
/// then reset_by_peer follows.
struct ending {
  wire::stream_number stream;
  wire::reason why;
};
/// The other side reset the stream, and all it sent before was read. The number is no longer in use.
struct reset_by_peer {
  wire::stream_number stream;
  wire::reason why;
};
/// Both directions ended well, and both local ends took every byte. The number is no longer in use.
struct done {
  wire::stream_number stream;
};
/// The peer broke the protocol; the session must end.
struct violation {
  const char* what;
};
using any = std::variant<incoming, accepted, refused, probed, readable, writable, confirmed, ending,
                         reset_by_peer, done, violation>;

using queue = fifo<any>;  ///< emptied after each input, which adds few

}  // namespace gof::core::mux_event
