#pragma once

#include "base/bytes.hpp"
#include "wire/frame.hpp"
#include "wire/packet.hpp"

namespace gof::core {

/// Another node's packet, which waits for its turn at the link that it is relayed on.
struct waiting_packet {
  wire::frame_type type{};
  wire::packet head;
  bytes payload;
};

/// A frame for the other end of a link.
struct link_message {
  link_id link;
  wire::frame_type type{};
  bytes body;
};

}  // namespace gof::core
