#include "cli/commands/query.hpp"

#include "control/ask.hpp"
#include "control/line.hpp"
#include "control/request_handler.hpp"
#include "control/socket_paths.hpp"
#include "daemon/ticket_input.hpp"
#include "forward/readiness.hpp"
#include "log/text.hpp"
#include "os/environment.hpp"
#include "os/process.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json.hpp>

#include <csignal>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::or_fail;
using daemon::outcome;
using enum daemon::exit_code;
namespace json = boost::json;

/// Extra time for a running node to answer.
constexpr std::chrono::seconds courtesy{2};

/// Uses the control socket of a running node.
class control_client final : public query {
 public:
  control_client(std::filesystem::path socket, std::string peer, std::chrono::milliseconds patience)
      : socket_(std::move(socket)), peer_(std::move(peer)), patience_(patience) {}

  outcome<json::object> ask(const std::string& what) override {
    json::object request{{"request", what}};
    if (!peer_.empty()) {
      request["peer"] = peer_;
      request["timeout_ms"] = patience_.count();
    }
    if (!signal_) {
      auto answer = control::ask(socket_, request, patience_ + courtesy, &signal_);
      if (!signal_) return or_fail(std::move(answer), no_service);
    }
    return failure{static_cast<daemon::exit_code>(by_signal + *signal_), std::string()};
  }
  void pause(std::chrono::milliseconds time) override {
    boost::asio::io_context io;
    boost::asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([this](boost::system::error_code cancelled, int number) {
      if (!cancelled) signal_ = number;
    });
    io.run_for(time);
  }

 private:
  std::optional<int> signal_;
  std::filesystem::path socket_;
  std::string peer_;
  std::chrono::milliseconds patience_;
};

/// Uses a ticket, as a guest with a temporary key: no file is read or written. A signal ends it in order, so
/// that the other side need not wait for a timeout.
class guest_query final : public query {
 public:
  guest_query(const gof::ticket& ticket, std::chrono::milliseconds patience)
      : issuer_(ticket.issuer()),
        node_(std::make_unique<gof::node>(io_, options())),
        handler_(*node_, {}, patience, [](control::node_status&) {}),
        signals_(io_, SIGINT, SIGTERM, SIGHUP) {
    boost::system::error_code none;  // impossible: it is the node's only ticket
    node_->use(ticket, none);
    await_event();
    signals_.async_wait([this](boost::system::error_code cancelled, int number) {
      if (!cancelled) signal_ = number;
    });
  }
  ~guest_query() override {
    signals_.cancel();
    node_->close();
    io_.restart();
    io_.run_for(std::chrono::seconds(1));
  }

  outcome<json::object> ask(const std::string& what) override {
    // The answer may arrive after the wait was given up.
    const auto answer = std::make_shared<std::optional<std::string>>();
    handler_.answer(what, {{"peer", issuer_.text()}},
                    [answer](std::string line) { *answer = std::move(line); });
    io_.restart();
    while (!*answer && !refused_ && !signal_) io_.run_one();
    if (signal_) return failure{static_cast<daemon::exit_code>(by_signal + *signal_), std::string()};
    if (refused_) return failure{daemon::exit_code_of(refused_), refused_.message()};
    auto told = or_fail(control::read_answer(**answer), no_service);
    if (!told) return told;
    if (told->at("answers").as_bool())
      unreached_.clear();
    else if (!unreached_.empty())
      (*told)["why"] = unreached_;
    return told;
  }
  void pause(std::chrono::milliseconds time) override {
    const auto until = std::chrono::steady_clock::now() + time;
    io_.restart();
    while (!signal_ && std::chrono::steady_clock::now() < until) io_.run_one_until(until);
  }

 private:
  static gof::node_options options() {
    gof::node_options made;
    made.name = os::host_name();
    return made;
  }
  void await_event() {
    node_->async_event([this](boost::system::error_code error, const node_event& event) {
      if (error) return;
      if (event.what == node_event::kind::unreachable) handle_unreachable(event);
      await_event();
    });
  }
  void handle_unreachable(const node_event& event) {
    if (forward::is_refusal(event.error)) refused_ = event.error;
    unreached_ = event.reached                  ? "it is not in the mesh now"
                 : event.error == errc::no_path ? "no address answered"
                                                : event.error.message();
    if (!event.reached && !event.detail.empty()) unreached_ += ": " + log::printable(event.detail);
  }

  gof::peer issuer_;
  boost::asio::io_context io_{1};
  std::unique_ptr<gof::node> node_;
  control::request_handler handler_;
  boost::asio::signal_set signals_;
  boost::system::error_code refused_;
  std::string unreached_;  ///< why there is no path to the peer
  std::optional<int> signal_;
};

outcome<std::filesystem::path> find_socket(const query_options& which, const os::environment& variables) {
  if (which.control) return *which.control;
  const auto folder =
      control::folder(os::variable(variables, "XDG_RUNTIME_DIR"), os::variable(variables, "HOME"));
  const auto live = control::live_sockets(folder);
  if (live.size() == 1) return live.front();
  if (live.empty())
    return failure{no_service,
                   "no node of this user runs here (gof forward, serve, relay and run are nodes)"};
  std::string list;
  for (const auto& one : live) list += "\n  --control " + one.string();
  return failure{bad_command_line, "several nodes run here; say which one:" + list};
}

}  // namespace

outcome<std::unique_ptr<query>> ask_node(const query_options& which, const os::environment& variables) {
  return ask_about(std::string(), which, {}, variables);
}

outcome<std::unique_ptr<query>> ask_about(const peer_source& peer, const query_options& which,
                                          std::chrono::milliseconds patience,
                                          const os::environment& variables) {
  if (const auto* word = std::get_if<std::string>(&peer)) {
    auto socket = find_socket(which, variables);
    if (!socket) return socket.error();
    return std::unique_ptr<query>(std::make_unique<control_client>(std::move(*socket), *word, patience));
  }
  const auto ticket = daemon::read_ticket(std::get<daemon::ticket_source>(peer));
  if (!ticket) return ticket.error();
  std::string why;
  const auto usable = gof::ticket::parse(ticket->text(), why);
  if (!usable) return failure{bad_command_line, why};
  return std::unique_ptr<query>(std::make_unique<guest_query>(*usable, patience));
}

}  // namespace gof::cli
