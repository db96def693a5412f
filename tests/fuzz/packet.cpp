#include "wire/packet.hpp"

#include "check.hpp"

using namespace gof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const const_bytes input(data, size);
  fuzz::check_canonical<wire::packet>(input);
  if (const auto p = wire::packet::decode(input)) {
    fuzz::check(p->hop <= p->labels.size() && p->labels.size() <= wire::packet::most_labels);
    fuzz::check(p->phase < 4 && p->number <= wire::packet::largest_number);
    // Ids, phase and number are authenticated end to end, exactly as on the wire.
    const auto covered = p->associated(0x10);
    fuzz::check(fuzz::equal(const_bytes(covered).last(24), input.last(24)));
  }
  return 0;
}
