#include "control/status.hpp"

#include "forward/peer_session.hpp"
#include "log/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace gof::control {
namespace {

namespace json = boost::json;
using forward::time_point;

double in_seconds(std::chrono::nanoseconds time) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) / 1000;
}

json::value milliseconds(const std::optional<std::chrono::nanoseconds>& time) {
  if (!time) return nullptr;
  return in_milliseconds(*time);
}

json::value text(const std::string& words) {
  return json::value(json::string(words));
}

/// For texts that another peer chose, which may contain anything.
json::value safe(const std::string& words) {
  return text(log::printable(words));
}

json::array relays(const std::vector<relay>& through) {
  json::array all;
  for (const auto& one : through)
    all.push_back(json::object{{"name", safe(one.name)},
                               {"peer", one.node.empty() ? json::value(nullptr) : text(one.peer.text())},
                               {"node", one.node.empty() ? json::value(nullptr) : text(one.node)},
                               {"round_trip_ms", milliseconds(one.round_trip)}});
  return all;
}

json::object counted(const forward::connection_stats& of) {
  return {{"open", of.open}, {"total", of.total}, {"bytes_sent", of.sent}, {"bytes_received", of.received}};
}

json::array forwards(const node_status& s, time_point at) {
  json::array all;
  for (const auto& one : s.forwards) {
    json::object o{{"local", one.local},
                   {"peer", one.peer.text()},
                   {"name", safe(one.peer_name)},
                   {"service", one.service},
                   {"ready", one.ready},
                   {"since_s", in_seconds(at - one.since)},
                   {"why", one.ready ? json::value(nullptr) : safe(one.why)},
                   {"connections", counted(one.connections)}};
    all.push_back(std::move(o));
  }
  return all;
}

json::array services(const node_status& s, time_point at) {
  json::array all;
  for (const auto& one : s.services)
    all.push_back(json::object{{"name", one.name},
                               {"target", one.target},
                               {"ready", !one.failing},
                               {"since_s", in_seconds(at - one.since)},
                               {"why", one.failing ? safe(one.why) : json::value(nullptr)},
                               {"connections", counted(one.connections)}});
  return all;
}

json::value drain_object(const node_status& s) {
  if (!s.draining) return nullptr;
  return json::object{{"connections", s.draining->connections}, {"left_s", in_seconds(s.draining->left)}};
}

std::string for_long(time_point since, time_point at) {
  return " (for " + log::age_text(at - since) + ')';
}

}  // namespace

double in_milliseconds(std::chrono::nanoseconds time) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(time).count()) / 1000;
}

std::vector<std::string> problems(const node_status& s, time_point at) {
  std::vector<std::string> all;
  if (s.joins && s.alone_since)
    all.push_back("no member of the mesh answers" + (s.alone_why.empty() ? "" : ": " + s.alone_why) +
                  for_long(*s.alone_since, at));
  for (const auto& one : s.forwards)
    if (!one.ready)
      all.push_back(one.local + " -> " + log::printable(one.peer_name) + '/' + one.service + ": " +
                    log::printable(one.why) + for_long(one.since, at));
  for (const auto& one : s.services)
    if (one.failing) all.push_back(log::printable(one.why) + for_long(one.since, at));
  return all;
}

json::object status_object(const node_status& s, time_point at) {
  json::array wrong;
  if (s.draining)
    wrong.push_back(text("draining: " + log::count_text(s.draining->connections, "connection") + ", " +
                         log::age_text(s.draining->left) + " left"));
  for (const auto& one : problems(s, at)) wrong.push_back(text(one));
  json::array listening;
  for (const auto& one : s.listening) listening.push_back(text(one));
  return {{"version", 1},
          {"healthy", wrong.empty()},
          {"problems", wrong},
          {"node", json::object{{"command", s.command},
                                {"program", s.version},
                                {"name", s.name},
                                {"peer", s.peer.text()},
                                {"node", s.node},
                                {"member", s.member},
                                {"mesh", s.mesh.empty() ? json::value(nullptr) : text(s.mesh)},
                                {"uptime_s", in_seconds(at - s.started)},
                                {"draining", drain_object(s)},
                                {"listening", listening},
                                {"held_bytes", s.now.held_bytes}}},
          {"forwards", forwards(s, at)},
          {"services", services(s, at)}};
}

json::object session_object(const node_snapshot::session& one) {
  return {{"name", safe(one.name)},
          {"peer", one.peer.text()},
          {"node", one.node},
          {"answers", one.up && one.has_path},
          {"path", one.has_path ? text(log::path_text(one.through)) : json::value(nullptr)},
          {"through", relays(one.through)},
          {"round_trip_ms", milliseconds(one.round_trip)},
          {"connections", one.streams}};
}

json::object link_object(const node_snapshot::link& one) {
  return {{"peer", one.peer.text()}, {"node", one.node},   {"address", safe(one.address)},
          {"dialled", one.dialled},  {"guest", one.guest}, {"round_trip_ms", milliseconds(one.round_trip)}};
}

json::object peer_object(const known_node& one) {
  json::array offered;
  for (const auto& name : one.services) offered.push_back(safe(name));
  return {{"name", safe(one.name)},
          {"peer", one.peer.text()},
          {"node", one.node},
          {"services", offered},
          {"relays", one.relays},
          {"reachable", one.reachable},
          {"path", one.reachable ? text(log::path_text(one.through)) : json::value(nullptr)},
          {"through", relays(one.through)},
          {"round_trip_ms", milliseconds(one.round_trip)}};
}

json::object trace_object(const node_snapshot& now, const gof::peer& to) {
  const auto* found = forward::session_with(now, to);
  if (found == nullptr) return {};
  const auto& one = *found;
  auto hops = relays(one.through);
  json::value last = milliseconds(one.last_link);
  if (one.through.empty()) last = milliseconds(one.round_trip);
  hops.push_back(json::object{
      {"name", safe(one.name)}, {"peer", one.peer.text()}, {"node", one.node}, {"round_trip_ms", last}});
  return {{"version", 1},     {"name", safe(one.name)},  {"peer", one.peer.text()},
          {"node", one.node}, {"answers", one.has_path}, {"round_trip_ms", milliseconds(one.round_trip)},
          {"hops", hops}};
}

}  // namespace gof::control
