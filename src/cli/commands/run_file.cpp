#include "cli/arguments/config_file.hpp"
#include "cli/arguments/config_plan.hpp"
#include "cli/arguments/located_config.hpp"
#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "cli/output/serve_text.hpp"
#include "daemon/forward_set.hpp"
#include "daemon/listen_lookup.hpp"
#include "daemon/membership.hpp"
#include "daemon/mesh_listen.hpp"
#include "daemon/service_host.hpp"
#include "log/event_log.hpp"
#include "log/text.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <unistd.h>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using enum daemon::exit_code;
using log::level;

std::vector<forward::service> services_of(const daemon::plan& what) {
  std::vector<forward::service> all;
  for (const auto& group : what.serves) all.insert(all.end(), group.begin(), group.end());
  return all;
}

std::vector<std::string> names_of(const daemon::plan& what) {
  std::vector<std::string> all;
  for (const auto& one : services_of(what)) all.push_back(one.name);
  return all;
}

/// What can be seen without doing anything.
std::optional<failure> check(const run_command& what) {
  const auto peers = daemon::forward_set::read(what.what.forwards);
  if (!peers) return peers.error();
  const auto joined = daemon::read_bootstrap(what.mesh.join);
  if (!joined) return joined.error();
  return daemon::forward_set::check_mesh(
      *peers, joined->network_key ? daemon::mesh_text(*joined->network_key) : std::string());
}

/// `gof run`, and `gof both`, which has no file.
class file_runner final : private daemon::shutdown::subject {
 public:
  file_runner(const run_command& what, const os::environment& variables)
      : what_(what),
        plan_(what.what),
        process_(what.node, variables),
        member_(what.mesh, what.address, process_),
        events_(process_.log(), member_.joins()) {}

  std::optional<failure> start();
  int run() {
    return process_.run([this](const node_event& event) {
      if (!forwards_->handle_event(event)) events_.write(event);
    });
  }

 private:
  failure placed(failure wrong) const;
  std::string mesh() const { return is_member_ ? member_.mesh() : std::string(); }
  outcome<dial::host_names> look_up_now(const daemon::forward_set::peers& peers) const;
  outcome<std::vector<daemon::listening>> listen(const dial::host_names& names);
  std::optional<failure> serve(const daemon::plan& what);
  void serve_later(const std::vector<daemon::service_host::services>& groups);
  void hand_out(const daemon::service_host::ticketed& what);
  void await_reload();
  /// What a file asks for, as far as nothing was done about it.
  struct wanted {
    config::configuration file;
    daemon::plan what;
    daemon::forward_set::peers peers;
  };
  void reload();
  void tell_reloaded();
  result<wanted> read() const;
  void look_up(wanted next);
  std::optional<std::string> take(wanted next, const dial::host_names& names);
  void tell_kept(const std::string& wrong);

  std::size_t connections() const override {
    return forwards_->connections() + (offered_ ? offered_->connections() : 0);
  }
  std::uint64_t under_way() const override {
    return forwards_->under_way() + (offered_ ? offered_->under_way() : 0);
  }
  void drain() override {
    end_reloads();
    forwards_->drain();
    if (offered_) offered_->drain();
  }
  bool is_delivered() const override { return process_.is_delivered(); }
  void abort_all() override {
    end_reloads();
    forwards_->abort_all();
    if (offered_) offered_->abort_all();
  }

  void end_reloads() {
    reloads_.reset();
    if (const auto asked = std::exchange(looking_up_, nullptr)) asked->cancel();
  }

  const run_command& what_;
  daemon::plan plan_;  ///< what counts now
  daemon::node_process process_;
  daemon::membership member_;
  log::event_log events_;
  bool is_member_ = false;
  std::unique_ptr<daemon::service_host> offered_;  ///< of a member
  std::unique_ptr<daemon::forward_set> forwards_;
  std::optional<boost::asio::signal_set> reloads_;
  std::shared_ptr<dial::host_lookup> looking_up_;  ///< for a reload
};

/// What is wrong with joining is the file's, where the file says to join.
failure file_runner::placed(failure wrong) const {
  const bool by_file = what_.file && std::any_of(what_.file->node.begin(), what_.file->node.end(),
                                                 [](const auto& one) { return one.key == "join"; });
  if (by_file && wrong.code == bad_command_line)
    wrong = {bad_file, what_.file->path.string() + ": " + wrong.what};
  return wrong;
}

bool needs_mesh(const daemon::plan& what) {
  return !what.serves.empty() ||
         std::any_of(what.forwards.begin(), what.forwards.end(),
                     [](const auto& wish) { return std::holds_alternative<gof::peer>(wish.peer); });
}

std::optional<failure> file_runner::start() {
  if (auto wrong = process_.prepare()) return wrong;
  auto peers = daemon::forward_set::read(plan_.forwards);
  if (!peers) return peers.error();
  // Who only holds tickets is a guest of their mesh, and makes none of its own.
  is_member_ =
      member_.joins() || !what_.address.listen.empty() || plan_.forwards.empty() || needs_mesh(plan_);
  if (is_member_)
    if (auto wrong = member_.prepare()) return placed(*wrong);
  if (auto wrong = daemon::forward_set::check_mesh(*peers, mesh())) return wrong;
  const auto names = look_up_now(*peers);
  if (!names) return names.error();
  process_.start(*this, is_member_ ? std::optional(member_.network_key()) : std::nullopt);
  forwards_ = std::make_unique<daemon::forward_set>(process_, what_.node.keep_alive,
                                                    [this] { process_.tell_ready(); });
  if (is_member_) {
    offered_ = std::make_unique<daemon::service_host>(process_, member_);
    offered_->start(services_of(plan_), plan_.allow, what_.node);
  }
  const auto at = listen(*names);
  if (!at) return at.error();
  if (auto wrong = process_.open_control("run", mesh(), [this, at = daemon::texts_of(*at)](auto& s) {
        s.joins = member_.joins();
        s.listening = at;
        s.forwards = forwards_->report();
        if (offered_) s.services = offered_->report();
      }))
    return wrong;
  if (is_member_) {
    offered_->watch();
    const auto& withdrawn = process_.kept().grants().book().withdrawn();
    if (auto wrong = member_.begin(*at, names_of(plan_), withdrawn)) return wrong;
    if (auto wrong = serve(plan_)) return wrong;
    if (!plan_.serves.empty()) member_.warn_of_scope();
  }
  await_reload();
  if (const auto wrong = forwards_->want(std::move(*peers), *names)) return failure{failed, wrong->what};
  return std::nullopt;
}

outcome<dial::host_names> file_runner::look_up_now(const daemon::forward_set::peers& peers) const {
  auto hosts = daemon::hosts_of(what_.address.listen);
  for (const auto& [who, what] : peers) hosts.merge(daemon::hosts_of(what.forwards));
  return daemon::look_up_now(hosts);
}

outcome<std::vector<daemon::listening>> file_runner::listen(const dial::host_names& names) {
  if (what_.address.no_listen || !is_member_) return std::vector<daemon::listening>();
  return daemon::listen(process_.node(), what_.address.listen, names, process_.kept(), process_.log());
}

// ---------------------------------------------------------------- services

std::optional<failure> file_runner::serve(const daemon::plan& what) {
  // Of each before any is told: how a ticket is shown depends on how many there are.
  const auto all = offered_->ticket_all(what.serves);
  if (!all) return all.error();
  for (const auto& one : *all) hand_out(one);
  return std::nullopt;
}

/// A ticket for each [serve], had by gof ticket --show: a log that is kept holds none.
void file_runner::hand_out(const daemon::service_host::ticketed& what) {
  std::string words;
  for (const auto& one : what.group) words += (words.empty() ? "" : ", ") + one.text();
  words += " as " + process_.name();
  if (process_.kept().where())
    words += "; ticket: " + show_line(what_.node.key, process_.kept().grants().book(), what.granted);
  process_.log().write(level::info, "serving " + words);
  if (::isatty(STDERR_FILENO) == 1)
    process_.log().print("on another machine:\n  " + paste_line(what.ticket, what.group) + '\n');
}

/// While the loop runs. A service that is gone again meanwhile is not told of.
void file_runner::serve_later(const std::vector<daemon::service_host::services>& groups) {
  if (groups.empty()) return tell_reloaded();
  offered_->ticket_later(groups, [this](const outcome<std::vector<daemon::service_host::ticketed>>& all) {
    if (!all) process_.log().write(level::warning, all.error().what);
    if (all)
      for (const auto& one : *all)
        if (std::find(plan_.serves.begin(), plan_.serves.end(), one.group) != plan_.serves.end())
          hand_out(one);
    tell_reloaded();
  });
}

// ---------------------------------------------------------------- the file, read again

void file_runner::await_reload() {
  if (!what_.file) return;
  if (!reloads_) reloads_.emplace(process_.io(), SIGHUP);
  reloads_->async_wait([this](boost::system::error_code error, int) {
    if (error) return;
    await_reload();
    reload();
  });
}

void file_runner::reload() {
  auto next = read();
  if (!next) return tell_kept(next.error().what);
  look_up(std::move(*next));
}

void file_runner::tell_reloaded() {
  process_.log().write(level::info, what_.file->path.string() + " was read again: " +
                                        log::count_text(services_of(plan_).size(), "service") + ", " +
                                        log::count_text(forwards_->report().size(), "forward"));
}

void file_runner::tell_kept(const std::string& wrong) {
  process_.log().write(level::warning, wrong + "; what counted before goes on");
}

/// The resolver may take its time; what counts now goes on meanwhile. A file that is read before it answered
/// takes the place of this one.
void file_runner::look_up(wanted next) {
  if (const auto before = std::exchange(looking_up_, nullptr)) before->cancel();
  auto hosts = forwards_->hosts(next.peers);
  const auto held = std::make_shared<wanted>(std::move(next));
  looking_up_ =
      dial::host_lookup::start(process_.io().get_executor(), daemon::names_of(hosts), daemon::longest_lookup,
                               [this, hosts, held](const dial::looked_up& all) {
                                 looking_up_.reset();
                                 if (all.error) return tell_kept(daemon::cannot_look_up(hosts, all));
                                 if (const auto wrong = take(std::move(*held), all.found))
                                   return tell_kept(*wrong);
                               });
}

result<file_runner::wanted> file_runner::read() const {
  const auto file = load_configuration(what_.file->path);
  if (!file) return problem{file.error().what};
  if (!*file) return problem{"configuration " + what_.file->path.string() + " is gone"};
  const auto node = option_values::of_file(verb::run, **file, true);
  if (!node) return problem{node.error().what};
  if (const auto checked = check_node(verb::run, *node); !checked) return problem{checked.error().what};
  auto next = plan_of(**file);
  if (!next) return problem{next.error().what};
  for (const auto& [service, peers] : what_.file->allow)
    next->allow[service].insert(peers.begin(), peers.end());
  auto peers = daemon::forward_set::read(next->forwards);
  if (!peers) return problem{peers.error().what};
  if (const auto wrong = daemon::forward_set::check_mesh(*peers, mesh())) return problem{wrong->what};
  if (!is_member_ && needs_mesh(*next))
    return problem{
        "this node holds tickets only; to serve, or to reach a peer by its id, it is to be started again"};
  return wanted{std::move(**file), std::move(*next), std::move(*peers)};
}

/// What stands in the way of it; then nothing has changed.
std::optional<std::string> file_runner::take(wanted next, const dial::host_names& names) {
  if (auto wrong = forwards_->want(std::move(next.peers), names)) return wrong->what;
  const bool same_node = std::equal(
      next.file.node.begin(), next.file.node.end(), what_.file->node.begin(), what_.file->node.end(),
      [](const auto& a, const auto& b) { return a.key == b.key && a.value == b.value; });
  if (!same_node)
    process_.log().write(level::warning, "what changed in [node] counts from the next start on");
  std::vector<daemon::service_host::services> fresh;
  for (const auto& group : next.what.serves)
    if (std::find(plan_.serves.begin(), plan_.serves.end(), group) == plan_.serves.end())
      fresh.push_back(group);
  plan_ = std::move(next.what);
  if (offered_) offered_->change(services_of(plan_), plan_.allow);
  serve_later(fresh);
  return std::nullopt;
}

}  // namespace

int run(const run_command& what, const os::environment& variables) {
  if (what.check_only) {
    const auto wrong = check(what);
    return wrong ? tell_failure(*wrong) : static_cast<int>(done);
  }
  file_runner program(what, variables);
  if (const auto wrong = program.start()) return tell_failure(*wrong);
  return program.run();
}

}  // namespace gof::cli
