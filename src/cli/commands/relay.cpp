#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "daemon/membership.hpp"
#include "daemon/mesh_listen.hpp"
#include "daemon/node_command.hpp"
#include "os/process.hpp"

#include <unistd.h>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using enum daemon::exit_code;
using log::level;

/// Does not drain: it has no connections of its own, and relayed ones find another path.
class relay_program final : public daemon::node_command {
 public:
  relay_program(const relay_command& what, const os::environment& variables)
      : node_command("relay", what, variables), member_(settings_, process_) {}

 private:
  outcome<daemon::network_key> prepare() override { return member_.prepare(); }
  outcome<std::vector<daemon::listening>> listen() override;
  std::string mesh() const override { return member_.mesh(); }
  std::optional<failure> begin() override;
  void hand_out(const gof::join_ticket& ticket);

  daemon::membership member_;
};

outcome<std::vector<daemon::listening>> relay_program::listen() {
  return daemon::listen_as_relay(process_.node(), settings_.address.listen, names_, process_.log());
}

std::optional<failure> relay_program::begin() {
  if (auto wrong = member_.begin(at_, {}, {})) return wrong;
  boost::system::error_code error;
  const auto ticket = process_.node().issue_join(member_.addresses(), error);
  if (!ticket) return failure{failed, "no ticket can be made: " + error.message()};
  hand_out(*ticket);
  process_.tell_ready();
  return std::nullopt;
}

void relay_program::hand_out(const gof::join_ticket& ticket) {
  auto& log = process_.log();
  log.write(level::info, "relaying as " + process_.name() +
                             (at_.empty() ? "" : " on port " + std::to_string(at_.front().port)) +
                             " in mesh " + ticket.mesh());
  member_.warn_of_scope();
  const auto text = ticket.text();
  os::write_all(STDOUT_FILENO, text + '\n');
  log.write(
      level::info,
      "the line on stdout is a join ticket: it holds the network key, and whoever has it is a member of "
      "this mesh");
  // No ticket in a log that may be stored.
  if (::isatty(STDERR_FILENO) == 1)
    log.print("on another machine:\n  gof serve --join " + text + " 22\n");
  else
    log.write(level::info, "on another machine: gof serve --join TICKET 22");
}

}  // namespace

int run(const relay_command& what, const os::environment& variables) {
  return finish(relay_program(what, variables).run());
}

}  // namespace gof::cli
