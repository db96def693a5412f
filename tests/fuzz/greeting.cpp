// What a stranger can send before anything is proved: GREETING, HELLO, and the answer REFUSED.
#include "wire/greeting.hpp"

#include "check.hpp"
#include "wire/hello.hpp"
#include "wire/refused.hpp"

using namespace gof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [which, input] = fuzz::split({data, size});
  switch (which % 3) {
    case 0: fuzz::check_canonical<wire::greeting>(input); break;
    case 1: {
      fuzz::check_canonical<wire::hello>(input);
      if (wire::hello::decode(input)) fuzz::check(wire::hello::size_of(input) == input.size());
      break;
    }
    default: fuzz::check_stable<wire::refused>(input);
  }
  return 0;
}
