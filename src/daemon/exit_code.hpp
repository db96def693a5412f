#pragma once

#include <boost/system/error_code.hpp>

namespace gof::daemon {

/// sysexits.h and timeout(1) gave the numbers; gof(1), EXIT CODES.
enum exit_code : int {
  done = 0,
  failed = 1,
  bad_command_line = 2,
  no_service = 69,  ///< or no path to the peer
  bad_protocol = 76,
  refused = 77,
  bad_file = 78,
  no_answer = 124,
  by_signal = 128,  ///< plus its number
};

/// What an error of the library is at the end of the program.
exit_code exit_code_of(boost::system::error_code error);

}  // namespace gof::daemon
