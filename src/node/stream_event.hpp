#pragma once

#include "base/id.hpp"
#include "wire/reason.hpp"
#include "wire/stream.hpp"

#include <array>
#include <cstdint>
#include <string>

// What a node reports of its streams.

namespace gof::core {

/// Somebody asks for a service: answer with accept(), confirm() (a probe) or refuse().
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

/// An open or a probe was answered no, or had no path in time (reason survived_out: none; identity: another
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

/// The other side's local end has taken so many of the bytes that were written.
struct stream_confirmed {
  stream_id stream;
  std::uint64_t taken = 0;
};

/// The other side reset it: nothing more can be written. What it sent before is still to be read, and
/// stream_reset follows behind it.
struct stream_ending {
  stream_id stream;
  wire::reason why = wire::reason::none;
};

/// Both directions are over: by reset here or there, or with the session. The id is dead.
struct stream_reset {
  stream_id stream;
  wire::reason why = wire::reason::none;
};

/// Both directions ended well, and both sides' local ends took all of it. The id is dead.
struct stream_done {
  stream_id stream;
};

}  // namespace gof::core
