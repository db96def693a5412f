// The entrance of src/sctp: what an authenticated but hostile peer may pass to handle_packet(), in every
// state of the handshake. Input: one byte for a plan, then packets of {length 1, bytes}. Each packet is given
// valid ports and, if the plan says so, the tag that a real peer would use; without these usrsctp drops it at
// once.

#include "sctp/chunk_filter.hpp"

#include "sctp/association.hpp"
#include "sctp/chunk.hpp"

#include <cstdlib>

namespace {

using namespace gof;
using sctp::association;

constexpr std::uint16_t port = 5000;
constexpr std::uint8_t plan_steps = 0x07;   // packets of the handshake to deliver first
constexpr std::uint8_t plan_client = 0x08;  // which end gets the hostile packets
constexpr std::uint8_t plan_tag = 0x10;

struct mesh_end {
  association at;
  std::uint32_t tag = 0;  ///< the last tag of a packet to this end
};

/// Lets at most `steps` packets pass between the two.
void exchange(instant now, mesh_end& client, mesh_end& server, int steps) {
  for (bool moved = true; moved && steps > 0;) {
    moved = false;
    for (auto [from, to] : {std::pair{&client, &server}, std::pair{&server, &client}}) {
      while (steps > 0) {
        const auto sent = from->at.poll_packet();
        if (!sent) break;
        to->tag = sctp::load32(sent->data, 4);
        to->at.handle_packet(now, sent->data);
        moved = true;
        --steps;
      }
    }
  }
}

void settle(sctp::stack& on, instant& now, mesh_end& at) {
  now += std::chrono::milliseconds(20);
  on.advance(now);
  while (at.at.poll_packet()) {
  }
  while (auto got = at.at.poll_message())
    if (got->data.empty() || got->data.size() > sctp::largest_message || got->stream >= sctp::stream_count)
      std::abort();
}

/// What the filter passes is well formed, whatever it was given before.
void check_filter(sctp::chunk_filter& filter, const_bytes packet) {
  if (!filter.passes(packet)) return;
  sctp::chunk_walk walk(packet);
  while (walk.next()) {
  }
  if (!walk.sound() || packet.size() > sctp::largest_packet) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static sctp::stack on;
  static instant now{};
  if (size == 0) return 0;
  const std::uint8_t plan = data[0];
  const_bytes rest(data + 1, size - 1);

  mesh_end server{{now, on, association::role::server, port}};
  mesh_end client{{now, on, association::role::client, port}};
  exchange(now, client, server, plan & plan_steps);
  mesh_end& victim = plan & plan_client ? client : server;
  sctp::chunk_filter filter(plan & plan_client ? association::role::client : association::role::server, port);

  while (!rest.empty()) {
    const std::size_t length = std::min<std::size_t>(rest[0], rest.size() - 1);
    bytes packet(sctp::common_header_size);
    append(packet, rest.subspan(1, length));
    rest = rest.subspan(1 + length);
    sctp::store16(packet, 0, port);
    sctp::store16(packet, 2, port);
    if (plan & plan_tag) sctp::store32(packet, 4, victim.tag);
    check_filter(filter, packet);
    filter.handle_sent(packet);
    victim.at.handle_packet(now, packet);
    settle(on, now, victim);
  }
  exchange(now, client, server, 20);
  return 0;
}
