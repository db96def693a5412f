#include "cli/arguments/config_file.hpp"
#include "cli/arguments/config_plan.hpp"
#include "cli/arguments/located_config.hpp"
#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "cli/output/serve_text.hpp"
#include "daemon/forward_set.hpp"
#include "daemon/membership.hpp"
#include "daemon/node_command.hpp"
#include "daemon/service_host.hpp"
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

/// What can be checked without any side effect.
std::optional<failure> check_file(const run_command& what) {
  const auto peers = daemon::forward_set::read(what.what.forwards);
  if (!peers) return peers.error();
  const auto joined = daemon::read_bootstrap(what.mesh.join);
  if (!joined) return joined.error();
  return daemon::forward_set::check_mesh(
      *peers, joined->network_key ? daemon::mesh_text(*joined->network_key) : std::string());
}

/// `gof run`, and `gof both`, which has no file.
class file_runner final : public daemon::node_command {
 public:
  file_runner(const run_command& what, const os::environment& variables)
      : node_command("run", what, variables),
        what_(what),
        plan_(what.what),
        member_(settings_, process_),
        offered_(process_, member_),
        forwards_(process_, what.node.keep_alive, [this] { process_.tell_ready(); }) {}

 private:
  outcome<daemon::network_key> prepare() override;
  daemon::listen_hosts hosts() const override;
  std::optional<failure> open() override;
  bool accepts_links() const override { return is_member_ && !what_.address.no_listen; }
  std::string mesh() const override { return is_member_ ? member_.mesh() : std::string(); }
  void describe(control::node_status& s) const override {
    s.forwards = forwards_.report();
    s.services = offered_.report();
  }
  std::optional<failure> begin() override;
  void handle_event(const node_event& event) override {
    if (!forwards_.handle_event(event)) node_command::handle_event(event);
  }

  failure placed(failure wrong) const;
  std::optional<failure> serve();
  void serve_later(const std::vector<daemon::service_host::services>& groups);
  void hand_out(const daemon::service_host::ticketed& what);
  void await_reload();
  /// What a file asks for, before anything is changed.
  struct wanted {
    config::configuration file;
    daemon::plan what;
    daemon::forward_set::peers peers;
  };
  void reload();
  void tell_reloaded();
  result<wanted> read_again() const;
  void look_up(wanted next);
  std::optional<std::string> take(wanted next, const dial::host_names& names);
  void tell_kept(const std::string& wrong);

  std::size_t connections() const override { return forwards_.connections() + offered_.connections(); }
  std::uint64_t under_way() const override { return forwards_.under_way() + offered_.under_way(); }
  void drain() override {
    end_reloads();
    forwards_.drain();
    offered_.drain();
  }
  void abort_all() override {
    end_reloads();
    forwards_.abort_all();
    offered_.abort_all();
  }

  void end_reloads() {
    reloads_.reset();
    if (const auto asked = std::exchange(looking_up_, nullptr)) asked->cancel();
  }

  const run_command& what_;
  daemon::plan plan_;                    ///< what is in effect now
  daemon::forward_set::peers at_first_;  ///< the peers of the forwards at the start
  daemon::membership member_;
  bool is_member_ = false;
  daemon::service_host offered_;  ///< only if a member
  daemon::forward_set forwards_;
  std::optional<boost::asio::signal_set> reloads_;
  std::shared_ptr<dial::host_lookup> looking_up_;  ///< for a reload
};

/// A mistake in joining counts as the file's if the file has a join.
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
                     [](const auto& rule) { return std::holds_alternative<gof::peer>(rule.peer); });
}

outcome<daemon::network_key> file_runner::prepare() {
  auto peers = daemon::forward_set::read(plan_.forwards);
  if (!peers) return peers.error();
  // A node with tickets only is a guest of their mesh, and creates none of its own.
  is_member_ = joins() || !what_.address.listen.empty() || plan_.forwards.empty() || needs_mesh(plan_);
  auto key = is_member_ ? member_.prepare() : daemon::network_key();
  if (!key) return placed(key.error());
  if (auto wrong = daemon::forward_set::check_mesh(*peers, mesh())) return *wrong;
  at_first_ = std::move(*peers);
  return key;
}

daemon::listen_hosts file_runner::hosts() const {
  daemon::listen_hosts all;
  for (const auto& [who, what] : at_first_) all.merge(daemon::hosts_of(what.forwards));
  return all;
}

std::optional<failure> file_runner::open() {
  if (is_member_) offered_.start(services_of(plan_), plan_.allow, what_.node);
  return std::nullopt;
}

std::optional<failure> file_runner::begin() {
  if (is_member_)
    if (auto wrong = serve()) return wrong;
  await_reload();
  if (const auto wrong = forwards_.want(std::move(at_first_), names_)) return failure{failed, wrong->what};
  return std::nullopt;
}

// ---------------------------------------------------------------- services

std::optional<failure> file_runner::serve() {
  if (auto wrong = offered_.begin(at_)) return wrong;
  // All of them first: how a ticket is shown depends on how many there are.
  const auto all = offered_.ticket_all(plan_.serves);
  if (!all) return all.error();
  for (const auto& one : *all) hand_out(one);
  if (!plan_.serves.empty()) member_.warn_of_scope();
  return std::nullopt;
}

/// The ticket of each [serve]; gof ticket --show prints it, so that a log that may be stored has none.
void file_runner::hand_out(const daemon::service_host::ticketed& what) {
  auto words = services_text(what.group) + " as " + process_.name();
  if (process_.kept().where())
    words += "; ticket: " + show_line(what_.node.key, process_.kept().grants().book(), what.granted);
  process_.log().write(level::info, "serving " + words);
  if (::isatty(STDERR_FILENO) == 1)
    process_.log().print("on another machine:\n  " + paste_line(what.ticket, what.group) + '\n');
}

/// While the loop runs. Services that were removed in the meantime are skipped.
void file_runner::serve_later(const std::vector<daemon::service_host::services>& groups) {
  if (groups.empty()) return tell_reloaded();
  offered_.ticket_later(groups, [this](const outcome<std::vector<daemon::service_host::ticketed>>& all) {
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
  auto next = read_again();
  if (!next) return tell_kept(next.error().what);
  look_up(std::move(*next));
}

void file_runner::tell_reloaded() {
  process_.log().write(level::info, what_.file->path.string() + " was read again: " +
                                        log::count_text(services_of(plan_).size(), "service") + ", " +
                                        log::count_text(forwards_.report().size(), "forward"));
}

void file_runner::tell_kept(const std::string& wrong) {
  process_.log().write(level::warning, wrong + "; what counted before goes on");
}

/// The resolver may take a while; the current configuration stays in effect meanwhile. A file that is read
/// before the answer replaces this one.
void file_runner::look_up(wanted next) {
  if (const auto before = std::exchange(looking_up_, nullptr)) before->cancel();
  auto hosts = forwards_.hosts(next.peers);
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

result<file_runner::wanted> file_runner::read_again() const {
  auto file = load_configuration(what_.file->path);
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

/// Applies the file. Returns the problem, if any; then nothing has changed.
std::optional<std::string> file_runner::take(wanted next, const dial::host_names& names) {
  if (auto wrong = forwards_.want(std::move(next.peers), names)) return wrong->what;
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
  if (is_member_) offered_.change(services_of(plan_), plan_.allow);
  serve_later(fresh);
  return std::nullopt;
}

}  // namespace

int run(const run_command& what, const os::environment& variables) {
  if (what.check_only) {
    const auto wrong = check_file(what);
    return wrong ? tell_failure(*wrong) : static_cast<int>(done);
  }
  return finish(file_runner(what, variables).run());
}

}  // namespace gof::cli
