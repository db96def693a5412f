#pragma once

#include "daemon/grant_access.hpp"
#include "daemon/membership.hpp"
#include "daemon/plan.hpp"
#include "forward/server.hpp"
#include "net/system_random.hpp"
#include "os/background_tasks.hpp"
#include "os/file_watch.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace gof::daemon {

/// What a member serves, as `serve` and `run` have it: the server, the grants that open it, and their file,
/// which is watched. What it is made from outlives it.
class service_host {
 public:
  using services = std::vector<forward::service>;

  service_host(node_process& process, membership& member)
      : process_(process), member_(member), access_(process.kept().grants()) {}

  /// With the node, before anybody can ask.
  void start(const services& what, const allowances& allowed, const node_settings& node);
  /// The node, which listens at these, joins the mesh with its services. From now on what gof ticket --new
  /// withdraws counts at once.
  std::optional<failure> begin(const std::vector<listening>& at);
  /// These from now on, in the mesh too; connections that would not be had any more are reset.
  void change(const services& what, const allowances& allowed);

  /// The grant for exactly these; made when there is none.
  outcome<state::grant> grant(const services& group);
  /// The grant's ticket, which gof ticket --show knows from now on. After begin().
  outcome<std::string> ticket(const state::grant& granted);

  /// What one [serve] is opened by.
  struct ticketed {
    services group;
    state::grant granted;
    std::string ticket;
  };
  /// Both for each of these, before the loop runs.
  outcome<std::vector<ticketed>> ticket_all(const std::vector<services>& groups);
  using ticketed_handler = std::function<void(outcome<std::vector<ticketed>>)>;
  /// The same while the loop runs: the grants file is locked and written beside it. `done` is
  /// called on the loop when all of them are on the disk.
  void ticket_later(const std::vector<services>& groups, const ticketed_handler& done);

  // Nothing is served before start().
  std::vector<forward::service_report> report() const {
    return server_ ? server_->report() : std::vector<forward::service_report>();
  }
  std::size_t connections() const { return server_ ? server_->connections() : 0; }
  std::uint64_t under_way() const { return server_ ? server_->under_way() : 0; }
  void drain() {
    if (server_) server_->drain();
  }
  void abort_all();

 private:
  void watch();
  void handle_grants_changed();
  void note_later(const std::vector<ticketed>& all, const ticketed_handler& done);
  void warn_unnoted(const problem& why);

  node_process& process_;
  membership& member_;
  grant_access access_;
  net::system_random random_;
  std::vector<std::string> names_;  ///< of what is served
  std::unique_ptr<forward::server> server_;
  std::unique_ptr<os::file_watch> watch_;
  bool over_ = false;
  std::unique_ptr<os::background_tasks> beside_;
};

}  // namespace gof::daemon
