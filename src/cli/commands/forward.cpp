#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "daemon/client_access.hpp"
#include "daemon/node_command.hpp"
#include "forward/client.hpp"

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using enum daemon::exit_code;

class forward_program final : public daemon::node_command {
 public:
  forward_program(const forward_command& what, const os::environment& variables)
      : node_command("forward", what, variables), what_(what), access_(settings_, process_) {}

 private:
  std::optional<failure> read() override;
  outcome<daemon::network_key> prepare() override { return access_.prepare(); }
  daemon::listen_hosts hosts() const override { return daemon::hosts_of(forwards_); }
  std::optional<failure> open() override;
  bool accepts_links() const override { return !what_.address.listen.empty(); }
  std::string mesh() const override { return access_.mesh(); }
  void describe(control::node_status& s) const override { s.forwards = client_->report(); }
  std::optional<failure> begin() override;
  void handle_event(const node_event& event) override;

  std::size_t connections() const override { return client_->connections(); }
  std::uint64_t under_way() const override { return client_->under_way(); }
  void drain() override { client_->drain(); }
  void abort_all() override { client_->abort_all(); }

  const forward_command& what_;
  daemon::client_access access_;
  std::vector<forward::forwarding> forwards_;
  std::unique_ptr<forward::client> client_;
};

std::optional<failure> forward_program::read() {
  if (auto wrong = access_.read(what_.peer)) return wrong;
  auto forwards = daemon::forwardings_of(access_.to(), what_.specs);
  if (!forwards) return forwards.error();
  forwards_ = std::move(*forwards);
  return std::nullopt;
}

std::optional<failure> forward_program::open() {
  client_ = std::make_unique<forward::client>(
      process_.node(), access_.peer(), process_.log(),
      forward::client::handlers{
          [this] { process_.tell_ready(); },
          [this](boost::system::error_code error) { process_.end(daemon::exit_code_of(error)); }},
      what_.node.keep_alive);
  if (const auto wrong = client_->add(forwards_, names_)) return failure{failed, wrong->what};
  return std::nullopt;
}

std::optional<failure> forward_program::begin() {
  if (auto wrong = access_.begin(at_)) return wrong;
  client_->start();
  return std::nullopt;
}

void forward_program::handle_event(const node_event& event) {
  if (event.peer == access_.peer())
    client_->handle_event(event);
  else
    node_command::handle_event(event);
}

}  // namespace

int run(const forward_command& what, const os::environment& variables) {
  return finish(forward_program(what, variables).run());
}

}  // namespace gof::cli
