#include "cli/attachment.hpp"
#include "cli/listen_names.hpp"
#include "cli/node_program.hpp"
#include "cli/run.hpp"
#include "forward/client.hpp"
#include "log/event_log.hpp"

namespace gof::cli {
namespace {

class forward_program final : private ending::subject {
 public:
  forward_program(const forward_command& what, const os::environment& variables)
      : what_(what),
        program_(what.node, variables),
        mesh_(what.mesh, what.place, program_),
        events_(program_.log(), mesh_.joins()) {}

  std::optional<failure> start();
  int run() {
    return program_.run([this](const node_event& event) { handle_event(event); });
  }

 private:
  std::optional<failure> reach(const std::vector<forward::forwarding>& forwards,
                               const dial::host_names& names);
  void handle_event(const node_event& event);

  std::size_t connections() const override { return client_->connections(); }
  std::uint64_t under_way() const override { return client_->under_way(); }
  void drain() override { client_->drain(); }
  bool is_delivered() const override { return program_.is_delivered(); }
  void abort_all() override { client_->abort_all(); }

  const forward_command& what_;
  node_program program_;
  attachment mesh_;
  log::event_log events_;
  std::unique_ptr<forward::client> client_;
};

std::optional<failure> forward_program::start() {
  auto to = read_reaching(what_.peer);
  if (!to) return to.error();
  const auto forwards = forwardings_of(*to, what_.specs);
  if (!forwards) return forwards.error();
  if (auto wrong = program_.prepare()) return wrong;
  const auto key = mesh_.prepare(std::move(*to));
  if (!key) return key.error();
  const auto names = look_up_now(hosts_of(*forwards));
  if (!names) return names.error();
  program_.start(*this, *key);
  return reach(*forwards, *names);
}

std::optional<failure> forward_program::reach(const std::vector<forward::forwarding>& forwards,
                                              const dial::host_names& names) {
  client_ = std::make_unique<forward::client>(
      program_.node(), mesh_.peer(), program_.log(),
      forward::client::handlers{
          [this] { program_.tell_ready(); },
          [this](boost::system::error_code error) { program_.end(exit_code_of(error)); }},
      what_.node.keep_alive);
  if (const auto wrong = client_->add(forwards, names)) return failure{failed, wrong->what};
  if (auto wrong = mesh_.begin()) return wrong;
  client_->start();
  return program_.open_control("forward", mesh_.mesh(), [this](control::node_status& s) {
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
  if (const auto wrong = program.start()) return tell_failure(wrong->code, wrong->what);
  return program.run();
}

}  // namespace gof::cli
