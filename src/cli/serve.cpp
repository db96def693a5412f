#include "cli/event_log.hpp"
#include "cli/file_watch.hpp"
#include "cli/grant_access.hpp"
#include "cli/listening.hpp"
#include "cli/membership.hpp"
#include "cli/process.hpp"
#include "cli/run.hpp"
#include "cli/serve_words.hpp"
#include "cli/ticket_maker.hpp"
#include "forward/server.hpp"
#include "net/system_random.hpp"

#include <unistd.h>

namespace gof::cli {
namespace {

using forward::level;

class serve_program final : private ending::subject {
 public:
  serve_program(const serve_command& what, const environment& variables)
      : what_(what),
        program_(what.node, variables),
        member_(what.mesh, what.place, program_),
        access_(program_.kept().grants()),
        events_(program_.log(), member_.joins()) {}

  std::optional<failure> start();
  int run() {
    return program_.run([this](const node_event& event) { events_.write(event); });
  }

 private:
  outcome<state::grant> grant();
  outcome<std::vector<listening>> listen();
  std::optional<failure> offer(const state::grant& granted, const std::vector<listening>& at);
  void hand_out(const state::grant& granted, const gof::ticket& ticket);
  void tell(const std::vector<listening>& at);
  void watch_grants();
  void handle_grants_changed();

  std::size_t connections() const override { return server_->connections(); }
  void drain() override { server_->drain(); }
  bool is_delivered() const override { return program_.is_delivered(); }
  void abort_all() override {
    watch_.reset();
    server_->abort_all();
  }

  const serve_command& what_;
  node_program program_;
  membership member_;
  grant_access access_;
  event_log events_;
  net::system_random random_;
  std::unique_ptr<forward::server> server_;
  std::unique_ptr<file_watch> watch_;
};

outcome<state::grant> serve_program::grant() {
  std::vector<state::granted_service> services;
  for (const auto& one : what_.services) services.push_back({one.name, one.target.text()});
  return or_fail(program_.kept().grants().find_or_create(services, random_), bad_file);
}

std::optional<failure> serve_program::start() {
  if (auto wrong = program_.prepare()) return wrong;
  if (auto wrong = member_.prepare()) return wrong;
  const auto granted = grant();
  if (!granted) return granted.error();
  program_.start(*this, member_.network_key());
  // Before anybody can ask.
  access_.allow(what_.allow);
  server_ = std::make_unique<forward::server>(
      program_.node(), forward::server_options{program_.name(), what_.node.connect_timeout}, what_.services,
      access_, program_.log());
  server_->start();
  const auto at = listen();
  if (!at) return at.error();
  if (auto wrong = program_.open_desk("serve", member_.mesh(), [this, at = texts_of(*at)](auto& s) {
        s.joins = member_.joins();
        s.listening = at;
        s.services = server_->report();
      }))
    return wrong;
  watch_grants();
  return offer(*granted, *at);
}

outcome<std::vector<listening>> serve_program::listen() {
  if (what_.place.no_listen) return std::vector<listening>();
  return cli::listen(program_.node(), what_.place.listen, program_.kept(), program_.log());
}

std::optional<failure> serve_program::offer(const state::grant& granted, const std::vector<listening>& at) {
  std::vector<std::string> names;
  for (const auto& one : what_.services) names.push_back(one.name);
  if (auto wrong = member_.begin(at, names, program_.kept().grants().book().withdrawn())) return wrong;
  const auto ticket = make_ticket(program_.node(), granted, member_.addresses());
  if (!ticket) return ticket.error();
  tell(at);
  hand_out(granted, *ticket);
  program_.tell_ready();
  return std::nullopt;
}

void serve_program::tell(const std::vector<listening>& at) {
  std::string list;
  for (const auto& one : what_.services) list += (list.empty() ? "" : ", ") + one.text();
  program_.log().write(level::note, "serving " + list + " as " + program_.name() +
                                        (at.empty() ? "" : " on port " + std::to_string(at.front().port)));
  member_.tell_reach();
}

void serve_program::hand_out(const state::grant& granted, const gof::ticket& ticket) {
  const auto text = ticket.text();
  if (const auto noted = program_.kept().grants().remember_ticket(granted.id, text); !noted)
    program_.log().write(level::warning,
                         "gof ticket --show will not know this ticket: " + noted.error().what);
  // Nobody may read it: then it is had by gof ticket --show.
  write_all(STDOUT_FILENO, text + '\n');
  if (::isatty(STDERR_FILENO) == 1)
    write_all(STDERR_FILENO, "on the other machine:\n  " + paste_line(text, what_.services) + '\n');
  else if (program_.kept().where())
    program_.log().write(level::note,
                         "ticket: " + show_line(what_.node.key, program_.kept().grants().book(), granted));
}

void serve_program::watch_grants() {
  const auto& where = program_.kept().where();
  if (!where) return;
  watch_ = std::make_unique<file_watch>(program_.node().get_executor(), where->grants(),
                                        [this] { handle_grants_changed(); });
  if (!watch_->problem().empty())
    program_.log().write(level::warning,
                         "tickets withdrawn by gof ticket --new count only after a restart: the "
                         "grants file cannot be watched: " +
                             watch_->problem());
}

void serve_program::handle_grants_changed() {
  const auto changed = program_.kept().grants().reload();
  if (!changed)
    return program_.log().write(level::warning, changed.error().what + "; what it held before counts");
  if (!*changed) return;
  // First at the streams: their holders hear why, before others close the links that lead here.
  server_->handle_grants_changed();
  member_.tell_withdrawn(program_.kept().grants().book().withdrawn());
}

}  // namespace

int run(const serve_command& what, const environment& variables) {
  serve_program program(what, variables);
  if (const auto wrong = program.start()) return tell_failure(wrong->code, wrong->what);
  return program.run();
}

}  // namespace gof::cli
