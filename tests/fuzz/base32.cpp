#include "base/base32.hpp"

#include "check.hpp"

using namespace gof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const const_bytes input(data, size);
  const auto text = to_base32(input);
  const auto back = from_base32(text);
  fuzz::check(back && fuzz::equal(*back, input));

  if (const auto value = from_base32(as_text(input))) {
    std::string lower(as_text(input));
    for (auto& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    fuzz::check(to_base32(*value) == lower);
  }
  return 0;
}
