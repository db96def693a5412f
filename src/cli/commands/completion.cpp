#include "cli/commands/run.hpp"
#include "cli/output/completion_scripts.hpp"
#include "cli/output/print.hpp"

namespace gof::cli {

int run(const completion_command& what, const os::environment&) {
  const auto& scripts = completion_scripts();
  return print(std::string(what.shell == "bash"  ? scripts.bash
                           : what.shell == "zsh" ? scripts.zsh
                                                 : scripts.fish));
}

}  // namespace gof::cli
