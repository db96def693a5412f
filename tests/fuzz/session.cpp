#include "wire/session.hpp"

#include "check.hpp"

using namespace gof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [which, input] = fuzz::split({data, size});
  switch (static_cast<wire::session_frame>(which)) {
    case wire::session_frame::hello: fuzz::check_stable<wire::session_hello>(input); break;
    case wire::session_frame::sctp: break;  // tested by the chunk filter's fuzzer
    case wire::session_frame::probe:
    case wire::session_frame::probe_reply: fuzz::check_canonical<wire::session_probe>(input); break;
    case wire::session_frame::close: fuzz::check_stable<wire::session_close>(input); break;
  }
  return 0;
}
