#include "cli/offering.hpp"

#include "cli/ticket_maker.hpp"

namespace gof::cli {

using forward::level;

void offering::start(const services& what, const allowances& allowed,
                     std::chrono::milliseconds connect_timeout) {
  access_.allow(allowed);
  server_ = std::make_unique<forward::server>(program_.node(),
                                              forward::server_options{program_.name(), connect_timeout}, what,
                                              access_, program_.log());
  server_->start();
}

void offering::change(const services& what, const allowances& allowed) {
  access_.allow(allowed);
  server_->serve(what);
  server_->handle_grants_changed();
  std::vector<std::string> names;
  for (const auto& one : what) names.push_back(one.name);
  member_.tell_services(names);
}

outcome<state::grant> offering::grant(const services& group) {
  std::vector<state::granted_service> wanted;
  for (const auto& one : group) wanted.push_back({one.name, one.target.text()});
  return or_fail(program_.kept().grants().find_or_create(wanted, random_), bad_file);
}

outcome<std::string> offering::ticket(const state::grant& granted) {
  const auto made = make_ticket(program_.node(), granted, member_.addresses());
  if (!made) return made.error();
  auto text = made->text();
  if (const auto noted = program_.kept().grants().remember_ticket(granted.id, text); !noted)
    program_.log().write(level::warning,
                         "gof ticket --show will not know this ticket: " + noted.error().what);
  return text;
}

void offering::watch() {
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

void offering::handle_grants_changed() {
  const auto changed = program_.kept().grants().reload();
  if (!changed)
    return program_.log().write(level::warning, changed.error().what + "; what it held before counts");
  if (!*changed) return;
  // First at the streams: their holders hear why, before others close the links that lead here.
  server_->handle_grants_changed();
  member_.tell_withdrawn(program_.kept().grants().book().withdrawn());
}

void offering::abort_all() {
  watch_.reset();
  server_->abort_all();
}

}  // namespace gof::cli
