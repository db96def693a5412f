#include "wire/flow.hpp"

#include "check.hpp"
#include "wire/frame.hpp"
#include "wire/grant_frame.hpp"
#include "wire/link_control.hpp"
#include "wire/neighbours.hpp"
#include "wire/path_error.hpp"

using namespace gof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [which, input] = fuzz::split({data, size});
  switch (static_cast<wire::frame_type>(which)) {
    case wire::frame_type::label: fuzz::check_canonical<wire::label>(input); break;
    case wire::frame_type::grant: fuzz::check_canonical<wire::grant_frame>(input); break;
    case wire::frame_type::neighbours: fuzz::check_canonical<wire::neighbours>(input); break;
    case wire::frame_type::hop_credit: fuzz::check_canonical<wire::hop_credit>(input); break;
    case wire::frame_type::flow_blocked: fuzz::check_canonical<wire::flow_blocked>(input); break;
    case wire::frame_type::flow_close: fuzz::check_canonical<wire::flow_close>(input); break;
    case wire::frame_type::flow_reset: fuzz::check_stable<wire::flow_reset>(input); break;
    case wire::frame_type::path_error: fuzz::check_stable<wire::path_error>(input); break;
    default: break;
  }
  return 0;
}
