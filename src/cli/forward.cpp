#include "cli/event_log.hpp"
#include "cli/joining.hpp"
#include "cli/node_program.hpp"
#include "cli/run.hpp"
#include "cli/ticket_input.hpp"
#include "cli/ticket_maker.hpp"
#include "forward/client.hpp"
#include "net/hex.hpp"
#include "net/system_random.hpp"

namespace gof::cli {
namespace {

class forward_program final : private ending::subject {
 public:
  forward_program(const forward_command& what, const environment& variables)
      : what_(what), program_(what.node, variables), events_(program_.log(), !what.mesh.join.empty()) {}

  std::optional<failure> start();
  int run() {
    return program_.run([this](const node_event& event) { handle_event(event); });
  }

 private:
  /// Empty: a guest.
  outcome<std::optional<std::array<std::uint8_t, 32>>> network_key(const wire::ticket& ticket);
  std::optional<failure> reach(const gof::ticket& ticket, const std::vector<forward::forwarding>& forwards);
  void handle_event(const node_event& event);

  std::size_t connections() const override { return client_->connections(); }
  void drain() override { client_->drain(); }
  bool is_delivered() const override { return program_.is_delivered(); }
  void abort_all() override { client_->abort_all(); }

  const forward_command& what_;
  node_program program_;
  event_log events_;
  joining joined_;
  gof::peer issuer_;
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
  const auto key = network_key(*ticket);
  if (!key) return key.error();
  program_.start(*this, *key);
  return reach(*usable, *forwards);
}

outcome<std::optional<std::array<std::uint8_t, 32>>> forward_program::network_key(
    const wire::ticket& ticket) {
  using key_bytes = std::optional<std::array<std::uint8_t, 32>>;
  if (what_.mesh.join.empty()) return key_bytes();
  auto joined = read_joining(what_.mesh.join);
  if (!joined) return joined.error();
  joined_ = std::move(*joined);
  const auto theirs = net::to_hex(ticket.mesh.view());
  const auto another = [&](const secure::secret32& key) {
    return failure{code_of(what_.ticket),
                   two_meshes("the service ticket and --join", theirs, mesh_text(key))};
  };
  // Before it takes the place of the one kept.
  if (joined_.network_key && mesh_text(*joined_.network_key) != theirs) return another(*joined_.network_key);
  net::system_random random;
  const auto key = member_key(what_.mesh, joined_, program_.kept(), random, program_.log());
  if (!key) return key.error();
  if (mesh_text(*key) != theirs) return another(*key);
  return key_bytes(array_of(*key));
}

std::optional<failure> forward_program::reach(const gof::ticket& ticket,
                                              const std::vector<forward::forwarding>& forwards) {
  issuer_ = ticket.issuer();
  client_ = std::make_unique<forward::client>(
      program_.node(), issuer_, program_.log(),
      forward::client::handlers{
          [this] { program_.tell_ready(); },
          [this](boost::system::error_code error) { program_.end(exit_code_of(error)); }});
  if (const auto wrong = client_->listen(forwards)) return failure{failed, wrong->what};
  boost::system::error_code error;
  for (const auto& place : joined_.places)
    if (!error) program_.node().join(place, error);
  if (!error) program_.node().use(ticket, error);
  if (error) return failure{bad_command_line, error.message()};
  client_->start();
  return program_.open_desk("forward", ticket.mesh(), [this](control::standing& s) {
    s.joins = !joined_.places.empty();
    s.forwards_to = issuer_;
    s.forwards_to_name = client_->peer_name();
    s.forwards = client_->report();
  });
}

void forward_program::handle_event(const node_event& event) {
  if (event.peer == issuer_)
    client_->handle_event(event);
  else
    events_.write(event);
}

}  // namespace

int run(const forward_command& what, const environment& variables) {
  forward_program program(what, variables);
  if (const auto wrong = program.start()) return tell_failure(wrong->code, wrong->what);
  return program.run();
}

}  // namespace gof::cli
