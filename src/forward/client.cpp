#include "forward/client.hpp"

#include "forward/peer_session.hpp"
#include "log/fields.hpp"
#include "log/text.hpp"

#include <algorithm>

namespace gof::forward {
namespace {

using log::cause_text;
using log::fields_of;
using log::level;
using log::name_of;
using log::path_text;
using log::printable;
using log::time_text;
using kind = node_event::kind;

}  // namespace

client::client(gof::node& node, const gof::peer& to, log::logger& log, handlers tell, const keep_alive& alive)
    : node_(node),
      peer_(to),
      log_(log),
      tell_(std::move(tell)),
      pumps_(node.get_executor(), alive),
      shared_{.node = node,
              .peer = to,
              .log = log,
              .pumps = pumps_,
              .peer_name = [this] { return peer_name(); },
              .path_words = [this] { return path_words(); },
              .ready = [this] { handle_ready(); },
              .waiting = [this] { handle_waiting(); },
              .refused = [this](boost::system::error_code why,
                                const std::string& line) { return end(why, line, {}); }} {}

client::~client() = default;

std::optional<problem> client::add(const std::vector<forwarding>& forwards, const dial::host_names& names) {
  if (draining_) return std::nullopt;
  std::vector<std::shared_ptr<local_forward>> fresh;
  for (const auto& one : forwards) {
    auto local = listener::open(node_.get_executor(), log_, one.local, names);
    if (!local) return local.error();
    fresh.push_back(std::make_shared<local_forward>(shared_, std::move(*local), one));
  }
  for (auto& one : fresh) {
    forwards_.push_back(one);
    if (started_) one->start();
  }
  return std::nullopt;
}

void client::remove(const forwarding& one) {
  const auto found = std::find_if(forwards_.begin(), forwards_.end(),
                                  [&](const auto& standing) { return standing->what() == one; });
  if (found == forwards_.end()) return;
  (*found)->close();
  forwards_.erase(found);
  // The other forwards may all have been ready already.
  if (started_ && !forwards_.empty()) tell_if_all_ready();
}

std::vector<forwarding> client::forwardings() const {
  std::vector<forwarding> all;
  for (const auto& one : forwards_) all.push_back(one->what());
  return all;
}

void client::start() {
  started_ = true;
  learn_of_peer();
  for (const auto& one : forwards_) one->start();
}

/// A session with the peer may exist already.
void client::learn_of_peer() {
  const auto now = node_.snapshot();
  if (const auto* session = session_with(now, peer_)) {
    name_ = session->name;
    reached_ = session->node;
  }
}

void client::drain() {
  draining_ = true;
  for (const auto& one : forwards_) one->close();
}

// ---------------------------------------------------------------- called by forwards

std::string client::peer_name() const {
  return name_of(peer_, name_);
}

std::string client::path_words() const {
  const auto now = node_.snapshot();
  const auto* session = session_with(now, peer_);
  if (session == nullptr || !session->has_path) return "no path now";
  const auto words = path_text(session->through);
  return session->round_trip ? words + ' ' + time_text(*session->round_trip) : words;
}

void client::handle_ready() {
  unreached_.end();
  tell_if_all_ready();
}

void client::tell_if_all_ready() {
  const bool all =
      std::all_of(forwards_.begin(), forwards_.end(), [](const auto& one) { return one->was_ready(); });
  if (all && !std::exchange(all_ready_, true) && tell_.ready) tell_.ready();
}

void client::handle_waiting() {
  // No reason is known: links may be up, but the peer does not answer over them.
  if (clock::now() - told_at_ < log::repeat_filter::same_again) return;
  told_at_ = clock::now();
  log_.write(level::warning, peer_name() + " does not answer; trying on");
}

bool client::end(boost::system::error_code why, const std::string& line, const log::fields& what) {
  if (!tell_.refused || all_ready_ || draining_) return false;
  if (std::exchange(ended_, true)) return true;
  log_.write(level::error, line, what);
  drain();
  tell_.refused(why);
  return true;
}

std::vector<forward_report> client::report() const {
  const auto now = node_.snapshot();
  const auto* session = session_with(now, peer_);
  const bool answers = session != nullptr && session->has_path;
  std::vector<forward_report> all;
  for (const auto& one : forwards_) {
    all.push_back(one->report());
    auto& last = all.back();
    if (!last.ready || answers) continue;
    last.ready = false;
    last.since = std::max(last.since, lost_);
    last.why = peer_name() + " does not answer" + (unreached_why_.empty() ? "" : ": " + unreached_why_);
  }
  return all;
}

// ---------------------------------------------------------------- events of the node

void client::handle_event(const node_event& event) {
  if (event.peer != peer_ || draining_) return;
  switch (event.what) {
    case kind::session_up: return handle_up(event);
    case kind::path_lost:
      lost_ = clock::now();
      return log_.write(level::warning,
                        "path to " + peer_name() + " lost, " + time_text(event.time) + " left",
                        fields_of(event));
    case kind::path_resumed:
      unreached_why_.clear();
      return log_.write(level::info,
                        "path to " + peer_name() + " resumed (stall " + time_text(event.time) + ')',
                        fields_of(event));
    case kind::path_changed:
      return log_.write(level::info, "path to " + peer_name() + " now: " + path_text(event.through),
                        fields_of(event));
    case kind::session_over: return handle_over(event);
    case kind::unreachable: return handle_unreachable(event);
    case kind::link_up:
      return log_.write(level::debug, "link to " + event.detail + " stands", fields_of(event));
    case kind::link_down:
      return log_.write(level::debug, "link lost: " + printable(event.detail) + cause_text(event.error),
                        fields_of(event));
    case kind::stranger: return;
  }
}

void client::handle_up(const node_event& event) {
  name_ = event.name;
  unreached_.end();
  unreached_why_.clear();
  log_.write(level::debug, peer_name() + " is reached", fields_of(event));
  const auto before = std::exchange(reached_, event.node);
  // A peer that restarted is a new node, which may not be ready although the old one was.
  const bool another = !before.empty() && before != event.node;
  for (const auto& one : forwards_) {
    if (another) one->handle_session_over();
    one->handle_session_up();
  }
}

void client::handle_over(const node_event& event) {
  if (!reached_.empty() && event.node != reached_)
    return log_.write(level::warning,
                      peer_name() + "'s former process is gone: the connections it had are reset",
                      fields_of(event));
  reached_.clear();
  const bool idle = forwards_.empty() && connections() == 0;
  log_.write(idle ? level::debug : level::warning,
             peer_name() + " is gone" + cause_text(event.error) + ": its connections are reset" +
                 (forwards_.empty() ? "" : "; trying again"),
             fields_of(event));
  for (const auto& one : forwards_) one->handle_session_over();
}

void client::handle_unreachable(const node_event& event) {
  const auto why = event.error == errc::no_path ? "no address answered" : event.error.message();
  const auto words = why + (event.detail.empty() ? "" : ": " + printable(event.detail));
  const auto line = peer_name() + (event.reached ? " is not in the mesh now" : ": " + words);
  unreached_why_ = event.reached ? "it is not in the mesh now" : words;
  if (is_refusal(event.error) && end(event.error, line, fields_of(event))) return;
  told_at_ = clock::now();
  if (!unreached_.begin(told_at_, line)) return;
  log_.write(level::warning,
             line + (event.time.count() > 0
                         ? "; again in " + time_text(std::chrono::ceil<std::chrono::seconds>(event.time))
                         : "; trying on"),
             fields_of(event));
}

}  // namespace gof::forward
