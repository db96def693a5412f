#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "link/link.hpp"
#include "wire/reason.hpp"

#include <string>
#include <variant>

/// What the table of links reports.
namespace gof::core::link_event {

struct came_up {
  link_id link;
};
/// A link, or an attempt at one, is over.
struct went_down {
  link_id link;
  wire::reason why = wire::reason::none;
  bool told_by_peer = false;
  bool stood = false;  ///< and was told of
  std::string detail;
};
struct packet {
  link_id link;
  core::link::received what;  ///< until the next call
};
struct notice {
  link_id link;
  core::link::notice what;  ///< until the next call
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
