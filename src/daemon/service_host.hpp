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

/// The services of a member, for `serve` and `run`: the server, the grants for them, and the file of grants,
/// which is watched. All arguments must outlive this object.
class service_host {
 public:
  using services = std::vector<forward::service>;

  service_host(node_process& process, membership& member)
      : process_(process), member_(member), access_(process.kept().grants()) {}

  /// With the node, before a peer can connect.
  void start(const services& what, const allowances& allowed, const node_settings& node);
  /// Joins the mesh with the node's services; it listens at `at`. From now on a withdrawal by gof ticket
  /// --new takes effect at once.
  std::optional<failure> begin(const std::vector<listening>& at);
  /// Replaces the services, in the mesh too; resets connections that would be refused now.
  void change(const services& what, const allowances& allowed);

  /// The grant for exactly these services; created if there is none.
  outcome<state::grant> grant(const services& group);
  /// Makes the grant's ticket, and remembers it for gof ticket --show. After begin().
  outcome<std::string> ticket(const state::grant& granted);

  /// A [serve] section with its grant and ticket.
  struct ticketed {
    services group;
    state::grant granted;
    std::string ticket;
  };
  /// Makes grant and ticket for each group, before the loop runs.
  outcome<std::vector<ticketed>> ticket_all(const std::vector<services>& groups);
  using ticketed_handler = std::function<void(outcome<std::vector<ticketed>>)>;
  /// The same while the loop runs: a background thread locks and writes the grants file. `done` is called on
  /// the loop once all of it is on disk.
  void ticket_later(const std::vector<services>& groups, const ticketed_handler& done);

  // All of these work before start(), when nothing is served.
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
  std::vector<std::string> names_;  ///< of the services served
  std::unique_ptr<forward::server> server_;
  std::unique_ptr<os::file_watch> watch_;
  bool over_ = false;
  std::unique_ptr<os::background_tasks> beside_;
};

}  // namespace gof::daemon
