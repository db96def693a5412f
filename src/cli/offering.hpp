#pragma once

#include "cli/file_watch.hpp"
#include "cli/grant_access.hpp"
#include "cli/membership.hpp"
#include "cli/plan.hpp"
#include "forward/server.hpp"
#include "net/system_random.hpp"

#include <memory>
#include <vector>

namespace gof::cli {

/// What a member serves, as `serve` and `run` have it: the server, the grants that open it, and their file,
/// which is watched. What it is made from outlives it.
class offering {
 public:
  using services = std::vector<forward::service>;

  offering(node_program& program, membership& member)
      : program_(program), member_(member), access_(program.kept().grants()) {}

  /// With the node, before anybody can ask.
  void start(const services& what, const allowances& allowed, std::chrono::milliseconds connect_timeout);
  /// These from now on, in the mesh too; connections that would not be had any more are reset.
  void change(const services& what, const allowances& allowed);

  /// The grant for exactly these; made when there is none.
  outcome<state::grant> grant(const services& group);
  /// The grant's ticket, which gof ticket --show knows from now on. After the member's begin().
  outcome<std::string> ticket(const state::grant& granted);
  /// From now on what gof ticket --new withdraws counts at once.
  void watch();

  std::vector<forward::service_report> report() const { return server_->report(); }
  std::size_t connections() const { return server_->connections(); }
  std::uint64_t under_way() const { return server_->under_way(); }
  void drain() { server_->drain(); }
  void abort_all();

 private:
  void handle_grants_changed();

  node_program& program_;
  membership& member_;
  grant_access access_;
  net::system_random random_;
  std::unique_ptr<forward::server> server_;
  std::unique_ptr<file_watch> watch_;
};

}  // namespace gof::cli
