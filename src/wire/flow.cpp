#include "wire/flow.hpp"

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {
namespace {

writer& put(writer& to, const flow& f) {
  return to.block(f.source.view()).block(f.destination.view()).u16(f.generation);
}

flow take(reader& from) {
  flow f;
  f.source = from.id<node_id>();
  f.destination = from.id<node_id>();
  f.generation = from.u16();
  return f;
}

}  // namespace

bytes hop_credit::encode() const {
  bytes out;
  writer to(out);
  put(to, flow).u64(limit);
  return out;
}

std::optional<hop_credit> hop_credit::decode(const_bytes data) {
  reader from(data);
  hop_credit c;
  c.flow = take(from);
  c.limit = from.u64();
  if (!from.done()) return std::nullopt;
  return c;
}

bytes flow_close::encode() const {
  bytes out;
  writer to(out);
  put(to, flow);
  return out;
}

std::optional<flow_close> flow_close::decode(const_bytes data) {
  reader from(data);
  flow_close c{take(from)};
  if (!from.done()) return std::nullopt;
  return c;
}

bytes flow_blocked::encode() const {
  return flow_close{flow}.encode();
}

std::optional<flow_blocked> flow_blocked::decode(const_bytes data) {
  const auto like = flow_close::decode(data);
  if (!like) return std::nullopt;
  return flow_blocked{like->flow};
}

bytes flow_reset::encode() const {
  bytes out;
  writer to(out);
  put(to, flow).u8(static_cast<std::uint8_t>(why));
  return out;
}

std::optional<flow_reset> flow_reset::decode(const_bytes data) {
  reader from(data);
  flow_reset r;
  r.flow = take(from);
  r.why = reason_from(from.u8());
  if (!from.done()) return std::nullopt;
  return r;
}

}  // namespace gof::wire
