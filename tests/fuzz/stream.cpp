#include "wire/stream.hpp"

#include "check.hpp"

using namespace gof;

namespace {

bytes encode(const wire::stream_message& message) {
  return std::visit(
      [](const auto& m) {
        if constexpr (requires { m.encode_head(); }) {
          auto out = m.encode_head();
          append(out, m.data);
          return out;
        } else {
          return m.encode();
        }
      },
      message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [which, input] = fuzz::split({data, size});
  const std::uint32_t kind = which;
  const auto message = wire::decode_stream(kind, input);
  if (!message) return 0;
  fuzz::check(wire::known_stream_frame(kind));
  const auto written = encode(*message);
  const auto again = wire::decode_stream(kind, written);
  fuzz::check(again && fuzz::equal(encode(*again), written));
  if (const auto* asked = std::get_if<wire::stream_open>(&*message)) {
    // Unknown options are not encoded again; known ones are encoded in our order.
    const auto service_end = 45 + asked->service.size();
    fuzz::check(written.size() <= input.size() && input.size() <= service_end + wire::open_options::longest);
    fuzz::check(fuzz::equal(const_bytes(written).first(service_end), input.first(service_end)));
    fuzz::check(std::get<wire::stream_open>(*again).options == asked->options);
    return 0;
  }
  fuzz::check(written.size() == input.size());
  // A newer version's reason is encoded as one of ours; all else is encoded as it came.
  const bool has_reason = std::holds_alternative<wire::stream_refuse>(*message) ||
                          std::holds_alternative<wire::stream_rst>(*message);
  for (std::size_t i = 0; i < written.size(); ++i)
    fuzz::check(written[i] == input[i] || (has_reason && i == 8 && input[i] >= wire::reason_count));
  return 0;
}
