#include "cli/exit_code.hpp"
#include "cli/process.hpp"
#include "cli/run.hpp"

#include <unistd.h>

namespace gof::cli {

int tell_failure(int code, const std::string& what) {
  write_all(STDERR_FILENO, "gof: " + what + '\n');
  return code;
}

int print(const std::string& text) {
  return write_all(STDOUT_FILENO, text) ? done : failed;
}

}  // namespace gof::cli
