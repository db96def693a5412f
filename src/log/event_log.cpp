#include "log/event_log.hpp"

#include "log/fields.hpp"
#include "log/text.hpp"

namespace gof::log {
namespace {

using kind = node_event::kind;

/// Connections of strangers: one line in ten seconds; the others are counted.
constexpr std::chrono::seconds knock_period{10};
/// The most different lines about unreachable members to remember; beyond that all are forgotten.
constexpr std::size_t most_troubles = 64;

}  // namespace

event_log::event_log(logger& to, bool joins) : to_(to), knocks_(to, 1, knock_period), joins_(joins) {}

void event_log::write(const node_event& event) {
  const auto who = name_of(event.peer, event.name);
  const auto what = fields_of(event);
  switch (event.what) {
    case kind::stranger:
      return knocks_.write(level::warning, "somebody without a key knocked: " + printable(event.detail),
                           what);
    case kind::session_up:
      return to_.write(level::debug, who + " (" + event.peer.text() + ") is there", what);
    case kind::session_over: return to_.write(level::debug, who + " is gone", what);
    case kind::path_lost:
      return to_.write(level::warning, "path to " + who + " lost, " + time_text(event.time) + " left", what);
    case kind::path_resumed:
      return to_.write(level::info, "path to " + who + " resumed (stall " + time_text(event.time) + ')',
                       what);
    case kind::path_changed:
      return to_.write(level::debug, "path to " + who + " now: " + path_text(event.through), what);
    case kind::link_up:
    case kind::link_down: return write_link(event);
    case kind::unreachable: return write_unreachable(event);
  }
}

void event_log::write_link(const node_event& event) {
  const auto what = fields_of(event);
  const auto where = printable(event.detail);
  const bool joined = joins_ && event.dialled;
  if (event.dialled && event.what == kind::link_up)
    linked_.insert(event.node);
  else if (event.dialled)
    linked_.erase(event.node);
  if (event.what == kind::link_down)
    return to_.write(joined ? level::warning : level::debug, "link lost: " + where + cause_text(event.error),
                     what);
  unreached_.clear();
  trouble_.clear();
  if (event.dialled)
    return to_.write(joined ? level::info : level::debug, "link to " + where + " stands", what);
  to_.write(level::debug, std::string(event.guest ? "guest's link" : "link") + " from " + where, what);
}

void event_log::write_unreachable(const node_event& event) {
  const auto why = event.error != errc::no_path ? event.error.message()
                   : linked_.empty()            ? "no member of this mesh answers"
                                                : "a member of this mesh does not answer";
  const auto line = why + (event.detail.empty() ? "" : ": " + printable(event.detail));
  trouble_ = event.error != errc::no_path ? line : printable(event.detail);
  if (unreached_.size() >= most_troubles && !unreached_.contains(line)) unreached_.clear();
  if (!unreached_[line].begin(std::chrono::steady_clock::now(), line)) return;
  to_.write(level::warning,
            line + (event.time.count() > 0
                        ? "; again in " + time_text(std::chrono::ceil<std::chrono::seconds>(event.time))
                        : "; trying on"),
            fields_of(event));
}

}  // namespace gof::log
