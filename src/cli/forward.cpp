#include "cli/node_program.hpp"
#include "cli/run.hpp"
#include "cli/ticket_input.hpp"
#include "forward/client.hpp"

namespace gof::cli {
namespace {

class forward_program final : private ending::subject {
 public:
  forward_program(const forward_command& what, const environment& variables)
      : what_(what), program_(what.node, variables) {}

  std::optional<failure> start();
  int run() {
    return program_.run([this](const node_event& event) { client_->handle_event(event); });
  }

 private:
  std::size_t connections() const override { return client_->connections(); }
  void drain() override { client_->drain(); }
  void abort_all() override { client_->abort_all(); }

  const forward_command& what_;
  node_program program_;
  std::unique_ptr<forward::client> client_;
};

std::vector<forward::offered_service> services_of(const wire::ticket& ticket) {
  std::vector<forward::offered_service> offered;
  for (const auto& one : ticket.services) offered.push_back({one.name, one.port_hint});
  return offered;
}

std::optional<failure> forward_program::start() {
  const auto ticket = read_ticket(what_.ticket);
  if (!ticket) return ticket.error();
  const auto forwards = forward::resolve(what_.specs, services_of(*ticket));
  if (!forwards) return failure{bad_command_line, forwards.error().what};
  std::string why;
  const auto usable = gof::ticket::parse(ticket->text(), why);
  if (!usable) return failure{bad_command_line, why};
  if (auto wrong = program_.prepare()) return wrong;
  program_.start(*this, std::nullopt);
  client_ = std::make_unique<forward::client>(
      program_.node(), usable->issuer(), program_.log(),
      forward::client::handlers{
          [this] { program_.tell_ready(); },
          [this](boost::system::error_code error) { program_.end(exit_code_of(error)); }});
  if (const auto wrong = client_->listen(*forwards)) return failure{failed, wrong->what};
  boost::system::error_code error;
  program_.node().use(*usable, error);
  if (error) return failure{bad_command_line, error.message()};
  client_->start();
  return std::nullopt;
}

}  // namespace

int run(const forward_command& what, const environment& variables) {
  forward_program program(what, variables);
  if (const auto wrong = program.start()) return tell_failure(wrong->code, wrong->what);
  return program.run();
}

}  // namespace gof::cli
