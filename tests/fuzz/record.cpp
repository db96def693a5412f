#include "wire/record.hpp"

#include "check.hpp"
#include "wire/have.hpp"
#include "wire/record_frame.hpp"
#include "wire/record_links.hpp"
#include "wire/record_profile.hpp"
#include "wire/want.hpp"

using namespace gof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [which, input] = fuzz::split({data, size});
  switch (which) {
    case 0: fuzz::check_canonical<wire::record>(input); break;
    case 1: fuzz::check_stable<wire::record_links>(input); break;
    case 2: fuzz::check_stable<wire::record_profile>(input); break;
    case 3: fuzz::check_stable<wire::have>(input); break;
    case 4: fuzz::check_stable<wire::want>(input); break;
    case 5: fuzz::check_canonical<wire::record_frame>(input); break;
    default: break;
  }
  return 0;
}
