#pragma once

#include "base/bytes.hpp"
#include "wire/frame.hpp"
#include "wire/packet.hpp"

namespace gof::core {

/// Somebody else's packet, which waits for its turn at the link it goes on by.
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
