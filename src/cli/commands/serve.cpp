#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "cli/output/serve_text.hpp"
#include "daemon/node_command.hpp"
#include "daemon/service_host.hpp"
#include "os/process.hpp"

#include <unistd.h>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using log::level;

class serve_program final : public daemon::node_command {
 public:
  serve_program(const serve_command& what, const os::environment& variables)
      : node_command("serve", what, variables),
        what_(what),
        member_(settings_, process_),
        offered_(process_, member_) {}

 private:
  outcome<daemon::network_key> prepare() override;
  std::optional<failure> open() override;
  std::string mesh() const override { return member_.mesh(); }
  void describe(control::node_status& s) const override { s.services = offered_.report(); }
  std::optional<failure> begin() override;
  void tell();
  void hand_out(const std::string& ticket);

  std::size_t connections() const override { return offered_.connections(); }
  std::uint64_t under_way() const override { return offered_.under_way(); }
  void drain() override { offered_.drain(); }
  void abort_all() override { offered_.abort_all(); }

  const serve_command& what_;
  daemon::membership member_;
  daemon::service_host offered_;
  state::grant granted_;
};

outcome<daemon::network_key> serve_program::prepare() {
  auto key = member_.prepare();
  if (!key) return key.error();
  auto granted = offered_.grant(what_.services);
  if (!granted) return granted.error();
  granted_ = std::move(*granted);
  return key;
}

std::optional<failure> serve_program::open() {
  offered_.start(what_.services, what_.allow, what_.node);
  return std::nullopt;
}

std::optional<failure> serve_program::begin() {
  if (auto wrong = offered_.begin(at_)) return wrong;
  const auto ticket = offered_.ticket(granted_);
  if (!ticket) return ticket.error();
  tell();
  hand_out(*ticket);
  process_.tell_ready();
  return std::nullopt;
}

void serve_program::tell() {
  process_.log().write(level::info, "serving " + services_text(what_.services) + " as " + process_.name() +
                                        (at_.empty() ? "" : " on port " + std::to_string(at_.front().port)));
  member_.warn_of_scope();
}

void serve_program::hand_out(const std::string& ticket) {
  // If nothing reads it, gof ticket --show still prints it.
  os::write_all(STDOUT_FILENO, ticket + '\n');
  if (::isatty(STDERR_FILENO) == 1)
    process_.log().print("on the other machine:\n  " + paste_line(ticket, what_.services) + '\n');
  else if (process_.kept().where())
    process_.log().write(level::info,
                         "ticket: " + show_line(what_.node.key, process_.kept().grants().book(), granted_));
}

}  // namespace

int run(const serve_command& what, const os::environment& variables) {
  return finish(serve_program(what, variables).run());
}

}  // namespace gof::cli
