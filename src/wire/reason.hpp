#pragma once

#include <cstdint>
#include <string_view>

namespace gof::wire {

/// Why a link, a session or a stream was refused or ended. The numbers are sent on the wire: gof-protocol(7),
/// REASONS.
enum class reason : std::uint8_t {
  none = 0,             ///< an orderly end
  version = 1,          ///< no version in common, or a frame that needs a newer version
  withdrawn = 2,        ///< the ticket was withdrawn
  busy = 3,             ///< a limit is reached; a later attempt may succeed
  unknown_service = 4,  ///< no such service here
  not_allowed = 5,      ///< the service exists, but this peer or ticket may not use it
  target_refused = 6,   ///< the target refused the connection
  target_unknown = 7,   ///< the target's name does not resolve
  target_timeout = 8,   ///< the target did not answer in time
  target_failed = 9,    ///< the connection to the target failed otherwise: no route, no descriptor left
  reset = 10,           ///< the application's connection was reset
  survived_out = 11,    ///< no path for longer than --survive
  superseded = 12,      ///< replaced by a newer session of the node, or a newer link between the two nodes
  protocol = 13,        ///< the other side broke the protocol
  shutdown = 14,        ///< the node is shutting down
  identity = 15,        ///< the proved key is not the one that was asked for
  unknown_route = 16,   ///< a relay has no link with this label
  loop = 17,            ///< the connection comes from the accepting node itself: its target leads back to it
};
constexpr std::uint8_t reason_count = 18;

/// A number unknown to this version counts as `protocol`.
constexpr reason reason_from(std::uint8_t number) {
  return number < reason_count ? static_cast<reason>(number) : reason::protocol;
}

}  // namespace gof::wire
