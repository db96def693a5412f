#include "wire/address.hpp"

#include "check.hpp"

using namespace gof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const const_bytes input(data, size);
  if (const auto read = wire::address::parse(as_text(input))) {
    const auto again = wire::address::parse(read->text());
    fuzz::check(again && *again == *read);
  }

  wire::reader in(input);
  if (const auto a = wire::address::decode(in)) {
    bytes written;
    wire::writer to(written);
    a->encode(to);
    fuzz::check(fuzz::equal(written, input.first(size - in.left())));
    const auto read = wire::address::parse(a->text());
    fuzz::check(read && *read == *a);
  }
  return 0;
}
