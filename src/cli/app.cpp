#include "cli/app.hpp"

#include "cli/arguments/command_line.hpp"
#include "cli/arguments/config_file.hpp"
#include "cli/arguments/help.hpp"
#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "daemon/exit_code.hpp"
#include "os/environment.hpp"
#include "os/process.hpp"
#include "os/redact.hpp"

#include <gof/version.hpp>

#include <csignal>
#include <exception>

namespace gof::cli {
namespace {

using enum daemon::exit_code;

struct runner {
  const os::environment& variables;

  int operator()(const help_command& what) const { return print(help_text(what.about, what.full)); }
  int operator()(const version_command&) const { return print("gof " GOF_VERSION_STRING "\n"); }
  template <class Command>
  int operator()(const Command& what) const {
    return run(what, variables);
  }
};

}  // namespace

int run_app(int count, char** words) {
  os::keep_secrets_in();
  const auto variables = os::take_environment();
  const auto arguments = os::take_arguments(count, words);
  os::open_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const auto parsed =
        parse_command_line(arguments, variables, {standard_config(variables), load_configuration});
    if (!parsed) return tell_failure(parsed.error());
    return std::visit(runner{variables}, *parsed);
  } catch (const std::exception& wrong) {
    return tell_failure(failed, wrong.what());
  }
}

}  // namespace gof::cli
