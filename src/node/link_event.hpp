#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "link/link.hpp"
#include "wire/reason.hpp"

#include <string>
#include <variant>

/// What the link table reports.
namespace gof::core::link_event {

struct came_up {
  link_id link;
};
/// A link, or an attempt at one, has ended.
struct went_down {
  link_id link;
  wire::reason why = wire::reason::none;
  bool told_by_peer = false;
  bool stood = false;  ///< it was up, and was reported so
  std::string detail;
};
struct packet {
  link_id link;
  core::link::received what;  ///< valid until the next call
};
struct notice {
  link_id link;
  core::link::notice what;  ///< valid until the next call
};
struct knocked {
  link_id link;
};
struct measured {
  link_id link;
  duration round_trip;
};
using any = std::variant<came_up, went_down, packet, notice, knocked, measured>;

}  // namespace gof::core::link_event
