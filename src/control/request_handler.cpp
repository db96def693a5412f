#include "control/request_handler.hpp"

#include "control/line.hpp"
#include "control/lists.hpp"
#include "control/slices.hpp"
#include "forward/peer_session.hpp"
#include "log/json_text.hpp"
#include "log/text.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <set>

namespace gof::control {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_patience = 60'000;  // ms: of a client

std::string error_line(const std::string& words) {
  return log::json_text({{"version", 1}, {"error", words}});
}

/// One ping: completed by the answer or by the time limit, whichever comes first.
struct asked {
  explicit asked(const boost::asio::any_io_executor& on) : timer(on) {}
  boost::asio::steady_timer timer;
  boost::asio::cancellation_signal cancel;
};

/// What is known about a peer apart from its answer; `path` is null where there is none.
json::object told_of(const gof::peer& whom) {
  return {{"version", 1}, {"peer", whom.text()}, {"name", ""}, {"node", nullptr}, {"path", nullptr}};
}

void fill(json::object& about, const auto& from) {
  about["name"] = log::printable(from.name);
  about["node"] = from.node;
  about["path"] = log::path_text(from.through);
}

/// From the session with it that is in use.
void fill_from_sessions(json::object& about, const gof::node& node, const gof::peer& whom) {
  const auto now = node.snapshot();
  if (const auto* session = forward::session_with(now, whom)) fill(about, *session);
}

/// Which peer a word stands for: by what its id begins with, or by name.
class search {
 public:
  explicit search(std::string word) : word_(std::move(word)) {}

  void look_at(const gof::peer& peer, const std::string& name) {
    // Peers choose their names, so a name must never hide another peer whose id begins with it.
    const bool begins = word_.size() >= log::short_id && peer.text().starts_with(word_);
    if (begins || name == word_) named_.insert(peer);
  }
  result<gof::peer> found() const {
    if (named_.size() == 1) return *named_.begin();
    const auto quoted = "'" + log::printable(word_) + "'";
    if (named_.empty()) return problem{"nobody in the mesh is called " + quoted + "; gof peers lists them"};
    return problem{std::to_string(named_.size()) + " peers are called " + quoted +
                   "; write the id of one, as gof peers lists them"};
  }

 private:
  std::string word_;
  std::set<gof::peer> named_;
};

}  // namespace

request_handler::request_handler(gof::node& node, node_status about, std::chrono::milliseconds patience,
                                 describe what)
    : node_(node), about_(std::move(about)), patience_(patience), describe_(std::move(what)) {}

request_handler::~request_handler() = default;

result<void> request_handler::open(const std::filesystem::path& at) {
  auto opened = server::open(node_.get_executor(), at,
                             [this](const std::string& what, const json::object& request, const reply& to) {
                               answer(what, request, to);
                             });
  if (!opened) return opened.error();
  server_ = std::move(*opened);
  return {};
}

node_status request_handler::status() const {
  auto s = about_;
  s.now = node_.snapshot();
  describe_(s);
  return s;
}

void request_handler::answer(const std::string& what, const json::object& request, const reply& to) {
  if (what == "status") return tell_status(to);
  if (what == "peers") return tell_peers(to);
  if (what == "names") return tell_names(to);
  if (what != "ping" && what != "trace")
    return to(error_line("this node does not know the request \"" + log::printable(what) + '"'));
  auto patience = patience_;
  if (const auto* asked = request.if_contains("timeout_ms"); asked && asked->is_int64())
    patience = std::chrono::milliseconds(std::clamp<std::int64_t>(asked->get_int64(), 1, longest_patience));
  find(request, [this, patience, to, traces = what == "trace"](const result<gof::peer>& whom) {
    if (!whom) return to(error_line(whom.error().what));
    if (traces) return trace(*whom, patience, to);
    ping(*whom, patience, [to](const json::object& about) { to(log::json_text(about)); });
  });
}

// ---------------------------------------------------------------- lists

void request_handler::each_known(std::function<void(const known_node&)> look, std::function<void()> then) {
  control::each_known(
      node_.get_executor(), here_,
      [&node = node_](const std::string& after, std::size_t most) { return node.known(after, most); },
      std::move(look), std::move(then));
}

void request_handler::tell_status(const reply& to) {
  const auto made = std::make_shared<status_answer>(status(), std::chrono::steady_clock::now());
  in_slices(node_.get_executor(), here_, [made, to] {
    if (made->make(slice_size)) return true;
    to(made->line());
    return false;
  });
}

void request_handler::tell_peers(const reply& to) {
  const auto made = std::make_shared<peers_answer>();
  each_known([made](const known_node& one) { made->add(one); }, [made, to] { to(made->line()); });
}

void request_handler::tell_names(const reply& to) {
  const auto made = std::make_shared<names_answer>();
  each_known([made](const known_node& one) { made->add(one); },
             [made, to, &node = node_] {
               for (const auto& one : node.snapshot().sessions) made->add(one);
               to(made->line());
             });
}

// ---------------------------------------------------------------- one peer

void request_handler::find(const json::object& request, std::function<void(const result<gof::peer>&)> then) {
  const auto* member = request.if_contains("peer");
  if (!member || !member->is_string()) return then(problem{"the request names no peer"});
  const std::string word(member->get_string());
  if (const auto id = gof::peer::parse(word)) return then(*id);
  const auto made = std::make_shared<search>(word);
  each_known([made](const known_node& one) { made->look_at(one.peer, one.name); },
             [made, then = std::move(then), &node = node_] {
               for (const auto& one : node.snapshot().sessions) made->look_at(one.peer, one.name);
               then(made->found());
             });
}

void request_handler::ping(const gof::peer& whom, std::chrono::milliseconds patience, const told& to) {
  const auto wait = std::make_shared<asked>(node_.get_executor());
  wait->timer.expires_after(patience);
  wait->timer.async_wait([wait](boost::system::error_code over) {
    if (!over) wait->cancel.emit(boost::asio::cancellation_type::terminal);
  });
  auto heard = [this, here = std::weak_ptr(here_), wait, whom, to](
                   boost::system::error_code error, std::chrono::nanoseconds time, const std::string& from) {
    wait->timer.cancel();
    if (here.expired()) return;  // the request was given up
    if (error) return tell_silence(whom, to);
    auto about = told_of(whom);
    fill_from_sessions(about, node_, whom);
    for (const auto& one : node_.snapshot().sessions)
      if (one.node == from) about["path"] = log::path_text(one.through);
    about["node"] = from;
    about["answers"] = true;
    about["round_trip_ms"] = in_milliseconds(time);
    about["why"] = nullptr;
    to(std::move(about));
  };
  node_.async_ping(whom, boost::asio::bind_cancellation_slot(wait->cancel.slot(), std::move(heard)));
}

void request_handler::tell_silence(const gof::peer& whom, const told& to) {
  const auto about = std::make_shared<json::object>(told_of(whom));
  each_known(
      [about, whom](const known_node& one) {
        if (one.peer == whom && one.reachable) fill(*about, one);
      },
      [about, whom, to, &node = node_] {
        fill_from_sessions(*about, node, whom);
        (*about)["answers"] = false;
        (*about)["round_trip_ms"] = nullptr;
        (*about)["why"] = about->at("path").is_null() ? "there is no path to it now" : "it does not answer";
        to(std::move(*about));
      });
}

/// Pings first: then there is a session to describe, and its path has just been used.
void request_handler::trace(const gof::peer& whom, std::chrono::milliseconds patience, const reply& to) {
  ping(whom, patience, [&node = node_, whom, to](json::object pinged) {
    auto found = trace_object(node.snapshot(), whom);
    json::array hops;
    if (pinged.at("answers").as_bool() && !found.empty()) hops = found.at("hops").as_array();
    if (hops.size() == 1) hops.front().as_object()["round_trip_ms"] = pinged.at("round_trip_ms");
    pinged["hops"] = std::move(hops);
    to(log::json_text(pinged));
  });
}

}  // namespace gof::control
