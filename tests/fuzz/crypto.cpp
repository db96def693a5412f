#include "wire/crypto.hpp"

#include "check.hpp"

using namespace gof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const const_bytes input(data, size);
  fuzz::check_canonical<wire::crypto>(input);
  if (const auto message = wire::crypto::decode(input)) {
    fuzz::check(message->piece.size() <= wire::crypto::largest_piece);
    fuzz::check(fuzz::equal(message->encode_body(), input.first(size - wire::crypto::mac_size)));
  }
  return 0;
}
