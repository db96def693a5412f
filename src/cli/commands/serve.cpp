#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "cli/output/serve_text.hpp"
#include "daemon/listen_lookup.hpp"
#include "daemon/membership.hpp"
#include "daemon/mesh_listen.hpp"
#include "daemon/service_host.hpp"
#include "log/event_log.hpp"
#include "os/process.hpp"

#include <unistd.h>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using log::level;

class serve_program final : private daemon::shutdown::subject {
 public:
  serve_program(const serve_command& what, const os::environment& variables)
      : what_(what),
        process_(what.node, variables),
        member_(what.mesh, what.address, process_),
        offered_(process_, member_),
        events_(process_.log(), member_.joins()) {}

  std::optional<failure> start();
  int run() {
    return process_.run([this](const node_event& event) { events_.write(event); });
  }

 private:
  outcome<std::vector<daemon::listening>> listen(const dial::host_names& names);
  std::optional<failure> offer(const state::grant& granted, const std::vector<daemon::listening>& at);
  void hand_out(const state::grant& granted, const std::string& ticket);
  void tell(const std::vector<daemon::listening>& at);

  std::size_t connections() const override { return offered_.connections(); }
  std::uint64_t under_way() const override { return offered_.under_way(); }
  void drain() override { offered_.drain(); }
  bool is_delivered() const override { return process_.is_delivered(); }
  void abort_all() override { offered_.abort_all(); }

  const serve_command& what_;
  daemon::node_process process_;
  daemon::membership member_;
  daemon::service_host offered_;
  log::event_log events_;
};

std::optional<failure> serve_program::start() {
  if (auto wrong = process_.prepare()) return wrong;
  if (auto wrong = member_.prepare()) return wrong;
  const auto granted = offered_.grant(what_.services);
  if (!granted) return granted.error();
  const auto names = daemon::look_up_now(daemon::hosts_of(what_.address.listen));
  if (!names) return names.error();
  process_.start(*this, member_.network_key());
  offered_.start(what_.services, what_.allow, what_.node);
  const auto at = listen(*names);
  if (!at) return at.error();
  if (auto wrong =
          process_.open_control("serve", member_.mesh(), [this, at = daemon::texts_of(*at)](auto& s) {
            s.joins = member_.joins();
            s.listening = at;
            s.services = offered_.report();
          }))
    return wrong;
  offered_.watch();
  return offer(*granted, *at);
}

outcome<std::vector<daemon::listening>> serve_program::listen(const dial::host_names& names) {
  if (what_.address.no_listen) return std::vector<daemon::listening>();
  return daemon::listen(process_.node(), what_.address.listen, names, process_.kept(), process_.log());
}

std::optional<failure> serve_program::offer(const state::grant& granted,
                                            const std::vector<daemon::listening>& at) {
  std::vector<std::string> names;
  for (const auto& one : what_.services) names.push_back(one.name);
  if (auto wrong = member_.begin(at, names, process_.kept().grants().book().withdrawn())) return wrong;
  const auto ticket = offered_.ticket(granted);
  if (!ticket) return ticket.error();
  tell(at);
  hand_out(granted, *ticket);
  process_.tell_ready();
  return std::nullopt;
}

void serve_program::tell(const std::vector<daemon::listening>& at) {
  std::string list;
  for (const auto& one : what_.services) list += (list.empty() ? "" : ", ") + one.text();
  process_.log().write(level::info, "serving " + list + " as " + process_.name() +
                                        (at.empty() ? "" : " on port " + std::to_string(at.front().port)));
  member_.warn_of_scope();
}

void serve_program::hand_out(const state::grant& granted, const std::string& ticket) {
  // Nobody may read it: then it is had by gof ticket --show.
  os::write_all(STDOUT_FILENO, ticket + '\n');
  if (::isatty(STDERR_FILENO) == 1)
    process_.log().print("on the other machine:\n  " + paste_line(ticket, what_.services) + '\n');
  else if (process_.kept().where())
    process_.log().write(level::info,
                         "ticket: " + show_line(what_.node.key, process_.kept().grants().book(), granted));
}

}  // namespace

int run(const serve_command& what, const os::environment& variables) {
  serve_program program(what, variables);
  if (const auto wrong = program.start()) return tell_failure(*wrong);
  return program.run();
}

}  // namespace gof::cli
