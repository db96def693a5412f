#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "daemon/client_access.hpp"
#include "daemon/listen_lookup.hpp"
#include "daemon/node_process.hpp"
#include "forward/client.hpp"
#include "log/event_log.hpp"

namespace gof::cli {
namespace {

using daemon::failure;
using enum daemon::exit_code;

class forward_program final : private daemon::shutdown::subject {
 public:
  forward_program(const forward_command& what, const os::environment& variables)
      : what_(what),
        process_(what.node, variables),
        mesh_(what.mesh, what.address, process_),
        events_(process_.log(), mesh_.joins()) {}

  std::optional<failure> start();
  int run() {
    return process_.run([this](const node_event& event) { handle_event(event); });
  }

 private:
  std::optional<failure> reach(const std::vector<forward::forwarding>& forwards,
                               const dial::host_names& names);
  void handle_event(const node_event& event);

  std::size_t connections() const override { return client_->connections(); }
  std::uint64_t under_way() const override { return client_->under_way(); }
  void drain() override { client_->drain(); }
  bool is_delivered() const override { return process_.is_delivered(); }
  void abort_all() override { client_->abort_all(); }

  const forward_command& what_;
  daemon::node_process process_;
  daemon::client_access mesh_;
  log::event_log events_;
  std::unique_ptr<forward::client> client_;
};

std::optional<failure> forward_program::start() {
  auto to = daemon::resolve_peer(what_.peer);
  if (!to) return to.error();
  const auto forwards = daemon::forwardings_of(*to, what_.specs);
  if (!forwards) return forwards.error();
  if (auto wrong = process_.prepare()) return wrong;
  const auto key = mesh_.prepare(std::move(*to));
  if (!key) return key.error();
  const auto names = daemon::look_up_now(daemon::hosts_of(*forwards));
  if (!names) return names.error();
  process_.start(*this, *key);
  return reach(*forwards, *names);
}

std::optional<failure> forward_program::reach(const std::vector<forward::forwarding>& forwards,
                                              const dial::host_names& names) {
  client_ = std::make_unique<forward::client>(
      process_.node(), mesh_.peer(), process_.log(),
      forward::client::handlers{
          [this] { process_.tell_ready(); },
          [this](boost::system::error_code error) { process_.end(daemon::exit_code_of(error)); }},
      what_.node.keep_alive);
  if (const auto wrong = client_->add(forwards, names)) return failure{failed, wrong->what};
  if (auto wrong = mesh_.begin()) return wrong;
  client_->start();
  return process_.open_control("forward", mesh_.mesh(), [this](control::node_status& s) {
    s.joins = mesh_.joins();
    s.listening = mesh_.listening();
    s.forwards = client_->report();
  });
}

void forward_program::handle_event(const node_event& event) {
  if (event.peer == mesh_.peer())
    client_->handle_event(event);
  else
    events_.write(event);
}

}  // namespace

int run(const forward_command& what, const os::environment& variables) {
  forward_program program(what, variables);
  if (const auto wrong = program.start()) return tell_failure(*wrong);
  return program.run();
}

}  // namespace gof::cli
