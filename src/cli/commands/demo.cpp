#include "cli/commands/run.hpp"
#include "cli/output/demo_screen.hpp"
#include "cli/output/print.hpp"
#include "daemon/exit_code.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <optional>

namespace gof::cli {
namespace {

using enum daemon::exit_code;

int code_of(const demo::result& how) {
  if (how.silent) return tell_failure(no_answer, "no byte came back for half a minute");
  if (how.error)
    return tell_failure(daemon::exit_code_of(how.error), "the connection broke: " + how.error.message());
  return how.is_right() && how.changed_path() ? done : failed;
}

/// Runs until the show is over. Returns the exit code if a signal ended it.
std::optional<int> run_loop(demo_screen& screen, std::uint64_t bytes) {
  boost::asio::io_context io(1);
  std::optional<int> code;
  screen.at_end([&] { io.stop(); });
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](boost::system::error_code error, int number) {
    if (error) return;
    code = by_signal + number;
    io.stop();
  });
  const demo::show show(io, screen, bytes);
  screen.run_on();
  io.run();
  return code;
}

}  // namespace

int run(const demo_command& what, const os::environment& variables) {
  demo_screen screen(what, variables);
  screen.tell_mesh();
  const auto signalled = run_loop(screen, what.bytes);
  // From now on a signal ends the process, in case its output is not read.
  const bool written = screen.finish();
  if (signalled) return *signalled;
  const int code = screen.end() ? code_of(*screen.end()) : static_cast<int>(failed);
  return code == done && !written ? failed : code;
}

}  // namespace gof::cli
