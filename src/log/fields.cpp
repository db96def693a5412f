#include "log/fields.hpp"

namespace gof::log {

std::string_view event_name(node_event::kind what) {
  using kind = node_event::kind;
  switch (what) {
    case kind::link_up: return "link_up";
    case kind::link_down: return "link_down";
    case kind::stranger: return "stranger";
    case kind::unreachable: return "unreachable";
    case kind::session_up: return "session_up";
    case kind::path_lost: return "path_lost";
    case kind::path_resumed: return "path_resumed";
    case kind::path_changed: return "path_changed";
    case kind::session_over: return "session_over";
  }
  return {};
}

fields fields_of(const node_event& event) {
  return {event_name(event.what), event.peer == peer() ? std::string() : event.peer.text(), event.node};
}

}  // namespace gof::log
