#include "cli/commands/run.hpp"
#include "cli/output/print.hpp"
#include "daemon/client_access.hpp"
#include "daemon/node_command.hpp"
#include "forward/pump_set.hpp"
#include "forward/readiness.hpp"
#include "log/text.hpp"
#include "os/process.hpp"
#include "os/stdio_bridge.hpp"

#include <boost/asio/error.hpp>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using enum daemon::exit_code;
using log::level;

/// As long as a drain; and how often to check.
constexpr std::chrono::seconds longest_delivery{30};
constexpr std::chrono::milliseconds look_every{5};

/// One connection between stdin, stdout and a service of the ticket's issuer. It has no control socket.
class connect_program final : public daemon::node_command {
 public:
  connect_program(const connect_command& what, const os::environment& variables)
      : node_command("", what, variables), what_(what), access_(settings_, process_) {}

  int run_to_end();

 private:
  std::optional<failure> read() override;
  outcome<daemon::network_key> prepare() override { return access_.prepare(); }
  bool accepts_links() const override { return !what_.address.listen.empty(); }
  std::optional<failure> begin() override;
  void handle_event(const node_event& event) override;

  outcome<std::string> service(const daemon::resolved_peer& to) const;
  void handle_over(const forward::pump::end& how);
  void handle_broken(const std::string& what);
  void await_delivery();

  // A signal ends it at once: there is no drain for a pipe.
  bool drains() const override { return false; }
  void abort_all() override { pumps_->abort_all(); }

  const connect_command& what_;
  daemon::client_access access_;
  std::string service_;
  std::unique_ptr<os::stdio_bridge> bridge_;
  std::unique_ptr<forward::pump_set> pumps_;
  std::string unreached_;  ///< why there is no path to the peer
  std::string broken_;     ///< the error of stdin or stdout
  std::optional<boost::asio::steady_timer> delivery_;
  std::optional<std::chrono::steady_clock::time_point> deliver_until_;
};

outcome<std::string> connect_program::service(const daemon::resolved_peer& to) const {
  if (!to.ticket && what_.service) return *what_.service;
  if (!to.ticket) return failure{bad_command_line, "say which service of the peer"};
  std::string list;
  for (const auto& one : to.offered) {
    if (what_.service == one.name) return one.name;
    list += (list.empty() ? "" : ", ") + one.name;
  }
  if (what_.service)
    return failure{bad_command_line, "the ticket has no service '" + *what_.service + "'; it has " + list};
  if (to.offered.size() != 1)
    return failure{bad_command_line, "the ticket has several services; say which: " + list};
  return to.offered.front().name;
}

std::optional<failure> connect_program::read() {
  if (auto wrong = access_.read(what_.peer)) return wrong;
  auto name = service(access_.to());
  if (!name) return name.error();
  service_ = std::move(*name);
  return std::nullopt;
}

std::optional<failure> connect_program::begin() {
  if (auto wrong = access_.begin(at_)) return wrong;
  bridge_ = std::make_unique<os::stdio_bridge>();
  pumps_ = std::make_unique<forward::pump_set>(process_.node().get_executor());
  auto socket = bridge_->open(process_.io(), [this](const std::string& what) { handle_broken(what); });
  if (!socket) return failure{failed, socket.error().what};
  pumps_
      ->add(
          std::move(*socket), gof::stream(process_.node()), {}, std::make_shared<forward::connection_stats>(),
          [this](const forward::pump::end& how) { handle_over(how); },
          [this] { return bridge_->unwritten(); })
      .start({access_.peer(), service_});
  return std::nullopt;
}

void connect_program::handle_event(const node_event& event) {
  if (event.peer != access_.peer()) return;
  if (event.what == node_event::kind::path_lost)
    process_.log().write(level::warning, "path to " + log::name_of(event.peer, event.name) + " lost, " +
                                             log::time_text(event.time) + " left");
  if (event.what != node_event::kind::unreachable) return;
  const auto why = event.reached                  ? std::string("the peer is not in the mesh now")
                   : event.error == errc::no_path ? "no address of the ticket answered"
                                                  : event.error.message();
  unreached_ = why + (event.detail.empty() || event.reached ? "" : ": " + log::printable(event.detail));
  process_.log().write(level::debug, unreached_);
  if (!forward::is_refusal(event.error)) return;
  process_.log().write(level::error, event.error.message());
  process_.end(daemon::exit_code_of(event.error));
}

void connect_program::handle_over(const forward::pump::end& how) {
  if (!how.error) return await_delivery();
  const bool here = how.error.category() != gof_category();
  const bool unreached = forward::is_path_failure(how.error) && !how.opened && !unreached_.empty();
  const auto words = unreached           ? unreached_
                     : how.words.empty() ? how.error.message()
                                         : log::printable(how.words);
  // A local error is reported after stdout has taken all that it can.
  const auto lost = how.unconfirmed == 0 ? std::string()
                                         : "; " + log::count_text(how.unconfirmed, "byte") + " not confirmed";
  const bool ended_by_signal = how.error == boost::asio::error::operation_aborted;
  if (!here || (!lost.empty() && !ended_by_signal))
    process_.log().write(level::error, (how.opened ? "the connection was reset: " : "") + words + lost);
  process_.end(how.opened || here ? failed : daemon::exit_code_of(how.error));
}

/// A reset, so that the peer does not take the data so far for complete.
void connect_program::handle_broken(const std::string& what) {
  if (pumps_->size() == 0) return;  // already over; finish() reports what stdout lacks
  broken_ = what;
  process_.end(failed);
}

/// Our end may still be in flight, and closing the node would lose it.
void connect_program::await_delivery() {
  const auto now = std::chrono::steady_clock::now();
  if (!deliver_until_) deliver_until_ = now + longest_delivery;
  if (process_.is_delivered() || now >= *deliver_until_) return process_.end(done);
  delivery_.emplace(process_.io(), look_every);
  delivery_->async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) await_delivery();
  });
}

int connect_program::run_to_end() {
  const int code = finish(run());
  if (!bridge_ || code > by_signal) return code;
  // All data is written before the end is reported; a signal ends this wait as well.
  const auto lost = bridge_->finish();
  const auto& wrong = broken_.empty() ? lost : broken_;
  if (wrong.empty()) return code;
  process_.log().write(level::error, wrong + "; the connection was reset");
  return failed;
}

}  // namespace

int run(const connect_command& what, const os::environment& variables) {
  return connect_program(what, variables).run_to_end();
}

}  // namespace gof::cli
