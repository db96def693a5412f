#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "wire/reason.hpp"

#include <cstdint>
#include <string>
#include <variant>

/// What a session reports.
namespace gof::core::session_event {

struct established {
  peer_id peer;
  std::string name;  ///< empty at the client until the server's HELLO
  bool is_client = false;
  std::uint16_t port = 0;
};
/// The other side's name and survive time have arrived, after `established`. Only at the client.
struct greeted {};
struct lost {
  duration left;
};
struct resumed {
  duration stall;
};
struct doubtful {};  ///< answers are missing; check the link
/// The session is over. `renewed`: the other node began a new session, and `established` follows.
struct over {
  wire::reason why = wire::reason::none;
  bool renewed = false;
  std::string detail;
};
/// The result of ask().
struct answered {
  duration round_trip;
};
using any = std::variant<answered, established, greeted, lost, resumed, doubtful, over>;

}  // namespace gof::core::session_event
