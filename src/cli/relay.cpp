#include "cli/listen_names.hpp"
#include "cli/listening.hpp"
#include "cli/membership.hpp"
#include "cli/run.hpp"
#include "log/event_log.hpp"
#include "os/process.hpp"

#include <unistd.h>

namespace gof::cli {
namespace {

using log::level;

class relay_program final : private ending::subject {
 public:
  relay_program(const relay_command& what, const os::environment& variables)
      : what_(what),
        program_(what.node, variables),
        member_(what.mesh, what.place, program_),
        events_(program_.log(), member_.joins()) {}

  std::optional<failure> start();
  int run() {
    return program_.run([this](const node_event& event) { events_.write(event); });
  }

 private:
  outcome<std::vector<listening>> listen(const dial::host_names& names);
  void hand_out(const gof::join_ticket& ticket, const std::vector<listening>& at);

  // It has no connections of its own, and what it passes on finds another way.
  std::size_t connections() const override { return 0; }
  void drain() override {}
  bool is_delivered() const override { return program_.is_delivered(); }
  void abort_all() override {}

  const relay_command& what_;
  node_program program_;
  membership member_;
  log::event_log events_;
};

outcome<std::vector<listening>> relay_program::listen(const dial::host_names& names) {
  if (what_.place.no_listen) return std::vector<listening>();
  return listen_as_relay(program_.node(), what_.place.listen, names, program_.log());
}

std::optional<failure> relay_program::start() {
  if (auto wrong = program_.prepare()) return wrong;
  if (auto wrong = member_.prepare()) return wrong;
  const auto names = look_up_now(hosts_of(what_.place.listen));
  if (!names) return names.error();
  program_.start(*this, member_.network_key());
  const auto at = listen(*names);
  if (!at) return at.error();
  if (auto wrong = program_.open_control("relay", member_.mesh(), [this, at = texts_of(*at)](auto& s) {
        s.joins = member_.joins();
        s.listening = at;
      }))
    return wrong;
  if (auto wrong = member_.begin(*at, {}, {})) return wrong;
  boost::system::error_code error;
  const auto ticket = program_.node().issue_join(member_.addresses(), error);
  if (!ticket) return failure{failed, "no ticket can be made: " + error.message()};
  hand_out(*ticket, *at);
  program_.tell_ready();
  return std::nullopt;
}

void relay_program::hand_out(const gof::join_ticket& ticket, const std::vector<listening>& at) {
  auto& log = program_.log();
  log.write(level::info, "relaying as " + program_.name() +
                             (at.empty() ? "" : " on port " + std::to_string(at.front().port)) + " in mesh " +
                             ticket.mesh());
  member_.tell_reach();
  const auto text = ticket.text();
  os::write_all(STDOUT_FILENO, text + '\n');
  log.write(
      level::info,
      "the line on stdout is a join ticket: it holds the network key, and whoever has it is a member of "
      "this mesh");
  // A log that is kept holds no ticket.
  if (::isatty(STDERR_FILENO) == 1)
    log.print("on another machine:\n  gof serve --join " + text + " 22\n");
  else
    log.write(level::info, "on another machine: gof serve --join TICKET 22");
}

}  // namespace

int run(const relay_command& what, const os::environment& variables) {
  relay_program program(what, variables);
  if (const auto wrong = program.start()) return tell_failure(wrong->code, wrong->what);
  return program.run();
}

}  // namespace gof::cli
