#include "daemon/exit_code.hpp"

#include <gof/error.hpp>

namespace gof::daemon {

exit_code exit_code_of(boost::system::error_code error) {
  if (!error) return done;
  if (error.category() != gof_category()) return failed;
  switch (static_cast<errc>(error.value())) {
    case errc::not_allowed:
    case errc::withdrawn:
    case errc::wrong_identity: return refused;
    case errc::unknown_service:
    case errc::no_path:
    case errc::target_refused:
    case errc::target_unknown:
    case errc::target_failed:
    case errc::loop: return no_service;
    case errc::timed_out:
    case errc::target_timeout: return no_answer;
    case errc::version:
    case errc::protocol: return bad_protocol;
    case errc::bad_ticket: return bad_command_line;
    case errc::busy:
    case errc::reset:
    case errc::shut_down:
    case errc::another_loop: return failed;
  }
  return failed;
}

}  // namespace gof::daemon
