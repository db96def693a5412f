#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "daemon/listen_lookup.hpp"
#include "daemon/membership.hpp"
#include "daemon/mesh_listen.hpp"
#include "log/event_log.hpp"
#include "os/process.hpp"

#include <unistd.h>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using enum daemon::exit_code;
using log::level;

class relay_program final : private daemon::shutdown::subject {
 public:
  relay_program(const relay_command& what, const os::environment& variables)
      : what_(what),
        process_(what.node, variables),
        member_(what.mesh, what.address, process_),
        events_(process_.log(), member_.joins()) {}

  std::optional<failure> start();
  int run() {
    return process_.run([this](const node_event& event) { events_.write(event); });
  }

 private:
  outcome<std::vector<daemon::listening>> listen(const dial::host_names& names);
  void hand_out(const gof::join_ticket& ticket, const std::vector<daemon::listening>& at);

  // It has no connections of its own, and what it passes on finds another way.
  std::size_t connections() const override { return 0; }
  void drain() override {}
  bool is_delivered() const override { return process_.is_delivered(); }
  void abort_all() override {}

  const relay_command& what_;
  daemon::node_process process_;
  daemon::membership member_;
  log::event_log events_;
};

outcome<std::vector<daemon::listening>> relay_program::listen(const dial::host_names& names) {
  if (what_.address.no_listen) return std::vector<daemon::listening>();
  return daemon::listen_as_relay(process_.node(), what_.address.listen, names, process_.log());
}

std::optional<failure> relay_program::start() {
  if (auto wrong = process_.prepare()) return wrong;
  if (auto wrong = member_.prepare()) return wrong;
  const auto names = daemon::look_up_now(daemon::hosts_of(what_.address.listen));
  if (!names) return names.error();
  process_.start(*this, member_.network_key());
  const auto at = listen(*names);
  if (!at) return at.error();
  if (auto wrong =
          process_.open_control("relay", member_.mesh(), [this, at = daemon::texts_of(*at)](auto& s) {
            s.joins = member_.joins();
            s.listening = at;
          }))
    return wrong;
  if (auto wrong = member_.begin(*at, {}, {})) return wrong;
  boost::system::error_code error;
  const auto ticket = process_.node().issue_join(member_.addresses(), error);
  if (!ticket) return failure{failed, "no ticket can be made: " + error.message()};
  hand_out(*ticket, *at);
  process_.tell_ready();
  return std::nullopt;
}

void relay_program::hand_out(const gof::join_ticket& ticket, const std::vector<daemon::listening>& at) {
  auto& log = process_.log();
  log.write(level::info, "relaying as " + process_.name() +
                             (at.empty() ? "" : " on port " + std::to_string(at.front().port)) + " in mesh " +
                             ticket.mesh());
  member_.warn_of_scope();
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
  if (const auto wrong = program.start()) return tell_failure(*wrong);
  return program.run();
}

}  // namespace gof::cli
