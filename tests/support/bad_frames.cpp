#include "support/bad_frames.hpp"

#include "wire/flow.hpp"
#include "wire/grant_frame.hpp"
#include "wire/have.hpp"
#include "wire/link_control.hpp"
#include "wire/neighbours.hpp"
#include "wire/packet.hpp"
#include "wire/record_frame.hpp"
#include "wire/want.hpp"

namespace gof::test {

using wire::frame_type;

namespace {

wire::packet packet_between(const node_id& from, const node_id& to) {
  wire::packet p;
  p.source = from;
  p.destination = to;
  p.labels = {1, 2};
  p.number = 5;
  return p;
}

}  // namespace

fate frame_sample::cut_to(std::size_t size) const {
  if (items > 0 && size == 0) return fate::either;
  return size >= least || (items > 0 && size % items == 0) ? whole : fate::closes;
}

std::vector<frame_sample> frame_samples(const node_id& from, const node_id& to) {
  const wire::flow flow{from, to, 1};
  const auto packet = packet_between(from, to).encode();
  wire::proof proof;
  const wire::record_name name{to, wire::record_part::links};
  const auto none = std::size_t{0};
  const auto never = SIZE_MAX;
  return {
      {frame_type::proof, "PROOF", proof.encode(), fate::stands, none, 0},
      {frame_type::ping, "PING", wire::ping{7}.encode(), fate::stands, none, never, false},
      {frame_type::pong, "PONG", wire::ping{7}.encode(), fate::stands, none, never, false},
      {frame_type::bye, "BYE", wire::bye{wire::reason::protocol}.encode(), fate::closes, none, never},
      {frame_type::rekey, "REKEY", {}, fate::closes, none, never},
      {frame_type::label, "LABEL", wire::label{1}.encode(), fate::closes, none, never},
      // Only a guest and its host send these, never a member.
      {frame_type::grant, "GRANT", wire::grant_frame{}.encode(), fate::closes, none, never},
      {frame_type::neighbours, "NEIGHBOURS", wire::neighbours{{{"192.0.2.1", 9999}}}.encode(), fate::closes,
       none, never},
      {frame_type::relay_data, "RELAY-DATA", packet, fate::stands, none, never, false},
      {frame_type::relay_control, "RELAY-CONTROL", packet, fate::stands, none, never, false},
      {frame_type::path_error, "PATH-ERROR", packet, fate::stands, none, never, false},
      {frame_type::hop_credit, "HOP-CREDIT", wire::hop_credit{flow, 1 << 20}.encode(), fate::stands, none,
       never, false},
      {frame_type::flow_close, "FLOW-CLOSE", wire::flow_close{flow}.encode(), fate::stands, none, never,
       false},
      {frame_type::flow_blocked, "FLOW-BLOCKED", wire::flow_blocked{flow}.encode(), fate::stands, none, never,
       false},
      {frame_type::flow_reset, "FLOW-RESET", wire::flow_reset{flow, {}}.encode(), fate::stands, none, never,
       false},
      {frame_type::have, "HAVE", wire::have{{{name, 1}, {name, 2}}}.encode(), fate::stands,
       wire::have::item::size, never},
      {frame_type::want, "WANT", wire::want{{name, name}}.encode(), fate::stands, wire::record_name::size,
       never},
      {frame_type::record, "RECORD", wire::record_frame{60, bytes(150, 1)}.encode(), fate::stands, none, 4},
  };
}

std::vector<bytes> lying_frames() {
  return {
      {0xff, 0xff, 0xff, 0x10, 0, 0},     // longer than any frame
      {0, 0, 0, 0x04, 0, 4},              // no room for its header
      {0, 0, 19, 0x04, 0, 4},             // nor for its tag
      {0, 0, 20, 0x04, 0xff, 0xff},       // a header longer than the frame
      {0, 0, 0, 0x01, 0, 0},              // an empty CRYPTO
      {0, 0, 4, 0x02, 0, 0, 1, 2, 3, 4},  // a refusal after the handshake
      {0, 0, 20, 0x04, 0, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20},
  };
}

}  // namespace gof::test
