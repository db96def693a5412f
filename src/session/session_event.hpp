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
/// The other side's name and survive time came, after `established` (client).
struct greeted {};
struct lost {
  duration left;
};
struct resumed {
  duration stall;
};
struct doubtful {};  ///< answers are missing: the link should be asked
/// The session is over. `renewed`: the other node began another one, `established` follows.
struct over {
  wire::reason why = wire::reason::none;
  bool renewed = false;
  std::string detail;
};
/// To ask().
struct answered {
  duration round_trip;
};
using any = std::variant<answered, established, greeted, lost, resumed, doubtful, over>;

}  // namespace gof::core::session_event
