#pragma once

#include "cli/options.hpp"

#include <boost/system/error_code.hpp>

#include <span>
#include <string>
#include <string_view>

namespace gof::cli {

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

/// A code in words, and the commands that may end with it.
struct exit_meaning {
  exit_code code;
  std::string_view meaning;
  verb verbs;

  /// The number, or "128+n".
  std::string spelled() const;
};
std::span<const exit_meaning> exit_meanings();

}  // namespace gof::cli
