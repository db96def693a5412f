#pragma once

#include "base/id.hpp"
#include "wire/reason.hpp"
#include "wire/stream.hpp"

#include <array>
#include <cstdint>
#include <string>

// What a node reports about its streams.

namespace gof::core {

/// A request for a service: answer with accept(), confirm() (a probe) or refuse().
struct stream_incoming {
  stream_id stream;
  peer_id peer;
  node_id node;
  std::string service;
  grant_id grant;                              ///< zero: none was named
  std::array<std::uint8_t, 16> grant_proof{};  ///< for node::proves()
  bool probe = false;
  wire::open_options options{};
};

struct stream_accepted {
  stream_id stream;
};

/// An open or a probe was refused, or found no path in time (reason survived_out: none; identity: another
/// key).
struct stream_refused {
  stream_id stream;
  wire::reason why = wire::reason::none;
  std::string text;
};

struct stream_probed {
  stream_id stream;
};

struct stream_readable {
  stream_id stream;  ///< new bytes, or the end
};

struct stream_writable {
  stream_id stream;  ///< after write() took less than it was given
};

/// The other side's local end has taken this many of the bytes that were written.
struct stream_confirmed {
  stream_id stream;
  std::uint64_t taken = 0;
};

/// The other side reset the stream: nothing more can be written. What it sent before can still be read, and
/// then stream_reset follows.
struct stream_ending {
  stream_id stream;
  wire::reason why = wire::reason::none;
};

/// Both directions ended, by a reset of either side or with the session. The id is no longer in use.
struct stream_reset {
  stream_id stream;
  wire::reason why = wire::reason::none;
};

/// Both directions ended well, and both local ends took every byte. The id is no longer in use.
struct stream_done {
  stream_id stream;
};

}  // namespace gof::core
