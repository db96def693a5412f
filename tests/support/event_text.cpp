#include "support/event_text.hpp"

#include "base/hex.hpp"

#include <cstdio>

namespace gof::test {
namespace {

std::string text(link_id link) {
  return "link " + std::to_string(static_cast<std::uint64_t>(link));
}
std::string text(stream_id stream) {
  return "stream " + std::to_string(static_cast<std::uint64_t>(stream));
}
std::string text(const node_id& node) {
  return "node " + to_hex(node.view().first(2)) + "..";
}
std::string text(wire::reason why) {
  static constexpr const char* names[] = {"none",           "version",         "withdrawn",
                                          "busy",           "unknown service", "not allowed",
                                          "target refused", "target unknown",  "target timeout",
                                          "target failed",  "reset",           "survived out",
                                          "superseded",     "protocol",        "shutdown",
                                          "identity",       "unknown route",   "loop"};
  static_assert(std::size(names) == wire::reason_count);
  return names[static_cast<std::size_t>(why)];
}
std::string text(duration d) {
  char out[32];
  std::snprintf(out, sizeof out, "%.3f s", std::chrono::duration<double>(d).count());
  return out;
}

struct telling {
  std::string operator()(const core::dial_wanted& e) const {
    return "dial " + text(e.link) + ": " + e.to.text();
  }
  std::string operator()(const core::close_wanted& e) const { return "close " + text(e.link); }
  std::string operator()(const core::link_up& e) const { return text(e.link) + " up with " + text(e.node); }
  std::string operator()(const core::link_down& e) const {
    return text(e.link) + " down: " + text(e.why) + (e.told ? ", told" : "") + ": " + e.detail;
  }
  std::string operator()(const core::stranger& e) const { return text(e.link) + " was a stranger"; }
  std::string operator()(const core::session_up& e) const { return "session up with " + text(e.node); }
  std::string operator()(const core::pong& e) const {
    return "answer of " + text(e.node) + " after " + text(e.round_trip);
  }
  std::string operator()(const core::path_lost& e) const {
    return "path to " + text(e.node) + " lost, " + text(e.left) + " left";
  }
  std::string operator()(const core::path_changed& e) const {
    return "path to " + text(e.node) + " now by " + std::to_string(e.through.size()) + " relays";
  }
  std::string operator()(const core::path_resumed& e) const {
    return "path to " + text(e.node) + " resumed after " + text(e.stall);
  }
  std::string operator()(const core::session_over& e) const {
    return "session with " + text(e.node) + " over: " + text(e.why);
  }
  std::string operator()(const core::unreachable& e) const {
    return "unreachable: " + text(e.why) + ": " + e.detail + "; again in " + text(e.again_in);
  }
  std::string operator()(const core::stream_incoming& e) const {
    return text(e.stream) + (e.probe ? " probes " : " asks for ") + e.service;
  }
  std::string operator()(const core::stream_accepted& e) const { return text(e.stream) + " accepted"; }
  std::string operator()(const core::stream_refused& e) const {
    return text(e.stream) + " refused: " + text(e.why) + " " + e.text;
  }
  std::string operator()(const core::stream_probed& e) const { return text(e.stream) + " probed"; }
  std::string operator()(const core::stream_readable& e) const { return text(e.stream) + " readable"; }
  std::string operator()(const core::stream_writable& e) const { return text(e.stream) + " writable"; }
  std::string operator()(const core::stream_confirmed& e) const {
    return text(e.stream) + " confirmed up to " + std::to_string(e.taken);
  }
  std::string operator()(const core::stream_ending& e) const {
    return text(e.stream) + " ending: " + text(e.why);
  }
  std::string operator()(const core::stream_reset& e) const {
    return text(e.stream) + " reset: " + text(e.why);
  }
  std::string operator()(const core::stream_done& e) const { return text(e.stream) + " done"; }
};

}  // namespace

std::string text_of(const core::event& e) {
  return std::visit(telling{}, e);
}

}  // namespace gof::test
