// A link after its hellos: the frame's prefix, then PROOF, PING or BYE from the sealed header.
#include "check.hpp"
#include "wire/frame.hpp"
#include "wire/link_control.hpp"

using namespace gof;

namespace {

void check_prefix(const_bytes input) {
  const auto f = wire::frame::decode(input);
  if (!f) return;
  fuzz::check(f->length + wire::frame::prefix_size <= wire::frame::largest);
  fuzz::check(f->header_length <= f->length);
  fuzz::check(fuzz::equal(f->encode(), input.first(wire::frame::prefix_size)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [which, input] = fuzz::split({data, size});
  switch (which % 4) {
    case 0: check_prefix(input); break;
    case 1: fuzz::check_stable<wire::proof>(input); break;
    case 2: fuzz::check_canonical<wire::ping>(input); break;
    default: fuzz::check_stable<wire::bye>(input);
  }
  return 0;
}
