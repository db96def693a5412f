#pragma once

#include "node/waiting_packet.hpp"
#include "wire/flow.hpp"

namespace gof::core {

/// A packet with data in this flow.
inline waiting_packet flow_packet(const wire::flow& id, std::size_t size) {
  waiting_packet made;
  made.type = wire::frame_type::relay_data;
  made.head.source = id.source;
  made.head.destination = id.destination;
  made.head.generation = id.generation;
  made.payload.resize(size);
  return made;
}

}  // namespace gof::core
