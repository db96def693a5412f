#include "cli/output/print.hpp"

#include "os/process.hpp"

#include <unistd.h>

namespace gof::cli {

using enum daemon::exit_code;

int tell_failure(int code, const std::string& what) {
  os::write_all(STDERR_FILENO, "gof: " + what + '\n');
  return code;
}

int tell_failure(const daemon::failure& why) {
  return why.what.empty() ? why.code : tell_failure(why.code, why.what);
}

int finish(const daemon::outcome<int>& how) {
  return how ? *how : tell_failure(how.error());
}

int print(const std::string& text) {
  return os::write_all(STDOUT_FILENO, text) ? done : failed;
}

}  // namespace gof::cli
