#pragma once

#include <boost/system/error_code.hpp>

namespace gof::daemon {

/// Numbers as in sysexits.h and timeout(1). gof(1), EXIT CODES.
enum exit_code : int {
  done = 0,
  failed = 1,
  bad_command_line = 2,
  no_service = 69,  ///< or the peer cannot be reached
  bad_protocol = 76,
  refused = 77,
  bad_file = 78,
  no_answer = 124,
  by_signal = 128,  ///< plus the signal's number
};

/// The exit code for an error of the library.
exit_code exit_code_of(boost::system::error_code error);

}  // namespace gof::daemon
