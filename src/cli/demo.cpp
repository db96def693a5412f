#include "cli/demo_screen.hpp"
#include "cli/exit_code.hpp"
#include "cli/run.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>

namespace gof::cli {
namespace {

int code_of(const demo::result& how) {
  if (how.silent) return tell_failure(no_answer, "no byte came back for half a minute");
  if (how.error) return tell_failure(exit_code_of(how.error), "the connection broke: " + how.error.message());
  return how.is_right() && how.changed_path() ? done : failed;
}

}  // namespace

int run(const demo_command& what, const environment& variables) {
  boost::asio::io_context io(1);
  demo_screen screen(what, variables);
  int code = failed;
  screen.at_end([&](const demo::result& how) {
    code = code_of(how);
    io.stop();
  });
  boost::asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](boost::system::error_code error, int number) {
    if (error) return;
    code = by_signal + number;
    io.stop();
  });
  screen.tell_mesh();
  const demo::show show(io, screen, what.bytes);
  io.run();
  screen.clear();
  return code == done && !screen.is_written() ? failed : code;
}

}  // namespace gof::cli
