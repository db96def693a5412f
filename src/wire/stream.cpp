#include "wire/stream.hpp"

#include "base/utf8.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace gof::wire {
namespace {

std::optional<stream_message> decode_open(reader& in, stream_number number, bool probe) {
  stream_open message;
  message.number = number;
  message.grant = in.id<grant_id>();
  message.mac = in.array<stream_open::mac_size>();
  message.credit = in.u32();
  message.service = as_text(in.short_block());
  message.probe = probe;
  auto options = open_options::decode(reader(in.rest()));
  if (!in.ok() || message.service.empty() || !options) return std::nullopt;
  message.options = std::move(*options);
  return message;
}

std::optional<stream_message> decode_refuse(reader& in, stream_number number) {
  stream_refuse message;
  message.number = number;
  message.why = reason_from(in.u8());
  message.text = as_text(in.short_block());
  if (!in.done() || message.text.size() > stream_refuse::longest_text) return std::nullopt;
  return message;
}

template <class Message>
std::optional<stream_message> finished(const reader& in, Message message) {
  if (!in.done()) return std::nullopt;
  return message;
}

}  // namespace

bytes stream_open::encode() const {
  bytes out;
  writer to(out);
  to.u64(number)
      .block(grant.view())
      .block(mac)
      .u32(credit)
      .short_block(as_bytes(service).first(std::min<std::size_t>(service.size(), 255)));
  options.encode(to);
  return out;
}

bytes stream_accept::encode() const {
  bytes out;
  writer(out).u64(number).u32(credit);
  return out;
}

bytes stream_refuse::encode() const {
  bytes out;
  writer(out)
      .u64(number)
      .u8(static_cast<std::uint8_t>(why))
      .short_block(as_bytes(utf8::cut(text, longest_text)));
  return out;
}

bytes stream_data::encode_head() const {
  bytes out(head_size);
  encode_head(out);
  return out;
}

void stream_data::encode_head(mutable_bytes to) const {
  for (std::size_t i = 0; i < head_size; ++i)
    to[i] = static_cast<std::uint8_t>(number >> (8 * (head_size - 1 - i)));
}

bytes stream_fin::encode() const {
  bytes out;
  writer(out).u64(number).u64(taken);
  return out;
}

bytes stream_rst::encode() const {
  bytes out;
  writer(out).u64(number).u8(static_cast<std::uint8_t>(why)).u64(offset).u64(taken);
  return out;
}

bytes stream_taken::encode() const {
  bytes out;
  writer(out).u64(number).u64(taken);
  return out;
}

bytes stream_credit::encode() const {
  bytes out;
  writer(out).u64(number).u64(limit);
  return out;
}

bytes stream_return::encode() const {
  bytes out;
  writer(out).u64(number).u64(seen).u64(keeps);
  return out;
}

bytes stream_probed::encode() const {
  bytes out;
  writer(out).u64(number);
  return out;
}

bool known_stream_frame(std::uint32_t kind) {
  return kind >= static_cast<std::uint32_t>(stream_frame::open) &&
         kind <= static_cast<std::uint32_t>(stream_frame::returned);
}

std::optional<stream_message> decode_stream(std::uint32_t kind, const_bytes data) {
  reader in(data);
  const stream_number number = in.u64();
  switch (static_cast<stream_frame>(kind)) {
    case stream_frame::open: return decode_open(in, number, false);
    case stream_frame::probe: return decode_open(in, number, true);
    case stream_frame::accept: {
      const auto credit = in.u32();
      return finished(in, stream_accept{number, credit});
    }
    case stream_frame::refuse: return decode_refuse(in, number);
    case stream_frame::data: {
      const auto rest = in.rest();
      if (!in.ok() || rest.empty()) return std::nullopt;
      return stream_data{number, rest};
    }
    case stream_frame::fin: {
      const auto taken = in.u64();
      return finished(in, stream_fin{number, taken});
    }
    case stream_frame::rst: {
      const auto why = reason_from(in.u8());
      const auto offset = in.u64();
      const auto taken = in.u64();
      return finished(in, stream_rst{number, why, offset, taken});
    }
    case stream_frame::credit: {
      const auto limit = in.u64();
      return finished(in, stream_credit{number, limit});
    }
    case stream_frame::probed: return finished(in, stream_probed{number});
    case stream_frame::taken: {
      const auto taken = in.u64();
      return finished(in, stream_taken{number, taken});
    }
    case stream_frame::returned: {
      const auto seen = in.u64();
      const auto keeps = in.u64();
      return finished(in, stream_return{number, seen, keeps});
    }
  }
  return std::nullopt;
}

}  // namespace gof::wire
