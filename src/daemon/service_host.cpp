#include "daemon/service_host.hpp"

#include "daemon/ticket_maker.hpp"

namespace gof::daemon {

using log::level;

namespace {

/// How long to wait at the end of the program for a file being written; a disk is rarely slower.
constexpr std::chrono::seconds write_patience{2};

std::vector<state::granted_service> granted_services(const service_host::services& group) {
  std::vector<state::granted_service> all;
  for (const auto& one : group) all.push_back({one.name, one.target.text()});
  return all;
}

std::vector<std::string> names_of(const service_host::services& group) {
  std::vector<std::string> all;
  for (const auto& one : group) all.push_back(one.name);
  return all;
}

/// Works on its own copy of the file, like another process of this peer.
outcome<std::vector<state::grant>> grant_all(const std::filesystem::path& file,
                                             const std::vector<service_host::services>& groups) {
  state::grant_file grants(file);
  net::system_random random;
  std::vector<state::grant> all;
  for (const auto& group : groups) {
    auto granted = or_fail(grants.find_or_create(granted_services(group), random), bad_file);
    if (!granted) return granted.error();
    all.push_back(std::move(*granted));
  }
  return all;
}

/// The problem of each ticket that could not be remembered.
std::vector<problem> note_all(const std::filesystem::path& file,
                              const std::vector<service_host::ticketed>& all) {
  state::grant_file grants(file);
  std::vector<problem> unnoted;
  for (const auto& one : all)
    if (const auto noted = grants.remember_ticket(one.granted.id, one.ticket); !noted)
      unnoted.push_back(noted.error());
  return unnoted;
}

failure no_thread() {
  return {failed, "no thread can be started to write the grants file"};
}

}  // namespace

void service_host::start(const services& what, const allowances& allowed, const node_settings& node) {
  access_.allow(allowed);
  names_ = names_of(what);
  server_ = std::make_unique<forward::server>(
      process_.node(), forward::server_options{process_.name(), node.connect_timeout, node.keep_alive}, what,
      access_, process_.log());
  server_->start();
  beside_ = std::make_unique<os::background_tasks>(process_.node().get_executor(), write_patience);
}

std::optional<failure> service_host::begin(const std::vector<listening>& at) {
  watch();
  return member_.begin(at, names_, process_.kept().grants().book().withdrawn());
}

void service_host::change(const services& what, const allowances& allowed) {
  access_.allow(allowed);
  server_->serve(what);
  server_->handle_grants_changed();
  member_.tell_services(names_of(what));
}

outcome<state::grant> service_host::grant(const services& group) {
  return or_fail(process_.kept().grants().find_or_create(granted_services(group), random_), bad_file);
}

outcome<std::string> service_host::ticket(const state::grant& granted) {
  const auto made = make_ticket(process_.node(), granted, member_.addresses());
  if (!made) return made.error();
  auto text = made->text();
  if (const auto noted = process_.kept().grants().remember_ticket(granted.id, text); !noted)
    warn_unnoted(noted.error());
  return text;
}

void service_host::warn_unnoted(const problem& why) {
  process_.log().write(level::warning, "gof ticket --show will not know this ticket: " + why.what);
}

void service_host::ticket_later(const std::vector<services>& groups, const ticketed_handler& done) {
  const auto& where = process_.kept().where();
  if (!where) return done(ticket_all(groups));  // in memory
  const bool begun = beside_->run([this, file = where->grants(), groups, done] {
    return [this, groups, done, granted = grant_all(file, groups)] {
      if (over_) return;
      if (!granted) return done(granted.error());
      std::vector<ticketed> all;
      for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto made = make_ticket(process_.node(), (*granted)[i], member_.addresses());
        if (!made) return done(made.error());
        all.push_back({groups[i], (*granted)[i], made->text()});
      }
      note_later(all, done);
    };
  });
  if (!begun) done(no_thread());
}

void service_host::note_later(const std::vector<ticketed>& all, const ticketed_handler& done) {
  const bool begun = beside_->run([this, file = process_.kept().where()->grants(), all, done] {
    return [this, all, done, unnoted = note_all(file, all)] {
      if (over_) return;
      for (const auto& why : unnoted) warn_unnoted(why);
      handle_grants_changed();
      done(all);
    };
  });
  if (!begun) done(no_thread());
}

outcome<std::vector<service_host::ticketed>> service_host::ticket_all(const std::vector<services>& groups) {
  std::vector<ticketed> all;
  for (const auto& group : groups) {
    const auto granted = grant(group);
    if (!granted) return granted.error();
    all.push_back({group, *granted, {}});
  }
  for (auto& one : all) {
    const auto made = ticket(one.granted);
    if (!made) return made.error();
    one.ticket = *made;
  }
  return all;
}

void service_host::watch() {
  const auto& where = process_.kept().where();
  if (!where) return;
  watch_ = std::make_unique<os::file_watch>(process_.node().get_executor(), where->grants(),
                                            [this] { handle_grants_changed(); });
  if (!watch_->problem().empty())
    process_.log().write(level::warning,
                         "tickets withdrawn by gof ticket --new count only after a restart: the "
                         "grants file cannot be watched: " +
                             watch_->problem());
}

void service_host::handle_grants_changed() {
  const auto changed = process_.kept().grants().reload();
  if (!changed)
    return process_.log().write(level::warning, changed.error().what + "; what it held before counts");
  if (!*changed) return;
  // Streams are reset before the mesh is told: so holders learn why before other members close their links.
  server_->handle_grants_changed();
  member_.tell_withdrawn(process_.kept().grants().book().withdrawn());
}

void service_host::abort_all() {
  over_ = true;
  watch_.reset();
  if (server_) server_->abort_all();
}

}  // namespace gof::daemon
