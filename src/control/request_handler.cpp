#include "control/request_handler.hpp"

#include "log/text.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <set>

namespace gof::control {
namespace {

namespace json = boost::json;

constexpr std::int64_t longest_patience = 60'000;  // ms: of a client

json::object error_object(const std::string& words) {
  return {{"version", 1}, {"error", words}};
}

/// One ping: completed by the answer or by the time limit, whichever comes first.
struct asked {
  explicit asked(const boost::asio::any_io_executor& on) : timer(on) {}
  boost::asio::steady_timer timer;
  boost::asio::cancellation_signal cancel;
};

/// What is known about a peer apart from its answer; `path` is null if there is no path or route.
json::object told_of(const gof::node& node, const gof::peer& whom) {
  json::object about{
      {"version", 1}, {"peer", whom.text()}, {"name", ""}, {"node", nullptr}, {"path", nullptr}};
  const auto fill = [&](const auto& one) {
    about["name"] = log::printable(one.name);
    about["node"] = one.node;
    about["path"] = log::path_text(one.through);
  };
  for (const auto& one : node.known())
    if (one.peer == whom && one.reachable) fill(one);
  for (const auto& one : node.snapshot().sessions)
    if (one.peer == whom && one.up) fill(one);
  return about;
}

json::object silence_of(const gof::node& node, const gof::peer& whom) {
  auto about = told_of(node, whom);
  about["answers"] = false;
  about["round_trip_ms"] = nullptr;
  about["why"] = about.at("path").is_null() ? "there is no path to it now" : "it does not answer";
  return about;
}

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
  if (what == "status") return to(status_object(status(), std::chrono::steady_clock::now()));
  if (what == "peers") return to(peers_object(node_.known(), node_.snapshot()));
  if (what == "names") return to(names());
  if (what != "ping" && what != "trace")
    return to(error_object("this node does not know the request \"" + log::printable(what) + '"'));
  const auto whom = find(request);
  if (!whom) return to(error_object(whom.error().what));
  auto patience = patience_;
  if (const auto* asked = request.if_contains("timeout_ms"); asked && asked->is_int64())
    patience = std::chrono::milliseconds(std::clamp<std::int64_t>(asked->get_int64(), 1, longest_patience));
  what == "ping" ? ping(*whom, patience, to) : trace(*whom, patience, to);
}

result<gof::peer> request_handler::find(const json::object& request) const {
  const auto* member = request.if_contains("peer");
  if (!member || !member->is_string()) return problem{"the request names no peer"};
  const std::string word(member->get_string());
  if (const auto id = gof::peer::parse(word)) return *id;
  // Peers choose their names, so a name must never hide another peer whose id begins with it.
  std::set<gof::peer> named;
  const auto look_at = [&](const auto& one) {
    const bool begins = word.size() >= log::short_id && one.peer.text().starts_with(word);
    if (begins || one.name == word) named.insert(one.peer);
  };
  for (const auto& one : node_.known()) look_at(one);
  for (const auto& one : node_.snapshot().sessions) look_at(one);
  if (named.size() == 1) return *named.begin();
  const auto quoted = "'" + log::printable(word) + "'";
  if (named.empty()) return problem{"nobody in the mesh is called " + quoted + "; gof peers lists them"};
  return problem{std::to_string(named.size()) + " peers are called " + quoted +
                 "; write the id of one, as gof peers lists them"};
}

void request_handler::ping(const gof::peer& whom, std::chrono::milliseconds patience, const reply& to) {
  const auto wait = std::make_shared<asked>(node_.get_executor());
  wait->timer.expires_after(patience);
  wait->timer.async_wait([wait](boost::system::error_code over) {
    if (!over) wait->cancel.emit(boost::asio::cancellation_type::terminal);
  });
  // The answer may arrive after this object is gone; the node still exists then.
  auto told = [&node = node_, wait, whom, to](boost::system::error_code error, std::chrono::nanoseconds time,
                                              const std::string& from) {
    wait->timer.cancel();
    if (error) return to(silence_of(node, whom));
    auto about = told_of(node, whom);
    for (const auto& one : node.snapshot().sessions)
      if (one.node == from) about["path"] = log::path_text(one.through);
    about["node"] = from;
    about["answers"] = true;
    about["round_trip_ms"] = in_milliseconds(time);
    about["why"] = nullptr;
    to(std::move(about));
  };
  node_.async_ping(whom, boost::asio::bind_cancellation_slot(wait->cancel.slot(), std::move(told)));
}

/// Pings first: then there is a session to describe, and its path has just been used.
void request_handler::trace(const gof::peer& whom, std::chrono::milliseconds patience, const reply& to) {
  ping(whom, patience, [&node = node_, whom, to](json::object pinged) {
    auto found = trace_object(node.snapshot(), whom);
    json::array hops;
    if (pinged.at("answers").as_bool() && !found.empty()) hops = found.at("hops").as_array();
    if (hops.size() == 1) hops.front().as_object()["round_trip_ms"] = pinged.at("round_trip_ms");
    pinged["hops"] = std::move(hops);
    to(std::move(pinged));
  });
}

/// For completion in shells: the words that may be given as PEER or service.
json::object request_handler::names() const {
  std::set<std::string> peers, services;
  std::set<gof::peer> all, named;
  const auto look_at = [&](const auto& one) {
    all.insert(one.peer);
    if (one.name.empty()) return;
    named.insert(one.peer);
    peers.insert(log::name_of(one.peer, one.name));
  };
  for (const auto& one : node_.known()) {
    look_at(one);
    services.insert(one.services.begin(), one.services.end());
  }
  for (const auto& one : node_.snapshot().sessions) look_at(one);
  for (const auto& one : all)
    if (!named.contains(one)) peers.insert(log::name_of(one, {}));
  json::array of_peers, of_services;
  for (const auto& one : peers) of_peers.push_back(json::value(json::string(one)));
  for (const auto& one : services) of_services.push_back(json::value(json::string(one)));
  return {{"version", 1}, {"peers", of_peers}, {"services", of_services}};
}

}  // namespace gof::control
