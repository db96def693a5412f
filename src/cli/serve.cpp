#include "cli/listen_names.hpp"
#include "cli/listening.hpp"
#include "cli/membership.hpp"
#include "cli/offering.hpp"
#include "cli/run.hpp"
#include "cli/serve_words.hpp"
#include "log/event_log.hpp"
#include "os/process.hpp"

#include <unistd.h>

namespace gof::cli {
namespace {

using log::level;

class serve_program final : private ending::subject {
 public:
  serve_program(const serve_command& what, const os::environment& variables)
      : what_(what),
        program_(what.node, variables),
        member_(what.mesh, what.place, program_),
        offered_(program_, member_),
        events_(program_.log(), member_.joins()) {}

  std::optional<failure> start();
  int run() {
    return program_.run([this](const node_event& event) { events_.write(event); });
  }

 private:
  outcome<std::vector<listening>> listen(const dial::host_names& names);
  std::optional<failure> offer(const state::grant& granted, const std::vector<listening>& at);
  void hand_out(const state::grant& granted, const std::string& ticket);
  void tell(const std::vector<listening>& at);

  std::size_t connections() const override { return offered_.connections(); }
  std::uint64_t under_way() const override { return offered_.under_way(); }
  void drain() override { offered_.drain(); }
  bool is_delivered() const override { return program_.is_delivered(); }
  void abort_all() override { offered_.abort_all(); }

  const serve_command& what_;
  node_program program_;
  membership member_;
  offering offered_;
  log::event_log events_;
};

std::optional<failure> serve_program::start() {
  if (auto wrong = program_.prepare()) return wrong;
  if (auto wrong = member_.prepare()) return wrong;
  const auto granted = offered_.grant(what_.services);
  if (!granted) return granted.error();
  const auto names = look_up_now(hosts_of(what_.place.listen));
  if (!names) return names.error();
  program_.start(*this, member_.network_key());
  offered_.start(what_.services, what_.allow, what_.node);
  const auto at = listen(*names);
  if (!at) return at.error();
  if (auto wrong = program_.open_control("serve", member_.mesh(), [this, at = texts_of(*at)](auto& s) {
        s.joins = member_.joins();
        s.listening = at;
        s.services = offered_.report();
      }))
    return wrong;
  offered_.watch();
  return offer(*granted, *at);
}

outcome<std::vector<listening>> serve_program::listen(const dial::host_names& names) {
  if (what_.place.no_listen) return std::vector<listening>();
  return cli::listen(program_.node(), what_.place.listen, names, program_.kept(), program_.log());
}

std::optional<failure> serve_program::offer(const state::grant& granted, const std::vector<listening>& at) {
  std::vector<std::string> names;
  for (const auto& one : what_.services) names.push_back(one.name);
  if (auto wrong = member_.begin(at, names, program_.kept().grants().book().withdrawn())) return wrong;
  const auto ticket = offered_.ticket(granted);
  if (!ticket) return ticket.error();
  tell(at);
  hand_out(granted, *ticket);
  program_.tell_ready();
  return std::nullopt;
}

void serve_program::tell(const std::vector<listening>& at) {
  std::string list;
  for (const auto& one : what_.services) list += (list.empty() ? "" : ", ") + one.text();
  program_.log().write(level::info, "serving " + list + " as " + program_.name() +
                                        (at.empty() ? "" : " on port " + std::to_string(at.front().port)));
  member_.tell_reach();
}

void serve_program::hand_out(const state::grant& granted, const std::string& ticket) {
  // Nobody may read it: then it is had by gof ticket --show.
  os::write_all(STDOUT_FILENO, ticket + '\n');
  if (::isatty(STDERR_FILENO) == 1)
    program_.log().print("on the other machine:\n  " + paste_line(ticket, what_.services) + '\n');
  else if (program_.kept().where())
    program_.log().write(level::info,
                         "ticket: " + show_line(what_.node.key, program_.kept().grants().book(), granted));
}

}  // namespace

int run(const serve_command& what, const os::environment& variables) {
  serve_program program(what, variables);
  if (const auto wrong = program.start()) return tell_failure(wrong->code, wrong->what);
  return program.run();
}

}  // namespace gof::cli
