#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "node/stream_event.hpp"
#include "wire/address.hpp"
#include "wire/reason.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gof::core {

/// The shell is to resolve and connect; it answers with handle_connected() or handle_dial_failed() for this
/// link.
struct dial_wanted {
  link_id link;
  wire::address to;
};

/// The shell is to close the socket once what poll_transmit() gave is written; the core has forgotten the
/// link.
struct close_wanted {
  link_id link;
  bool abort = false;  ///< with a reset: an end in order would tell who was not heard that its key is wrong
};

struct link_up {
  link_id link;
  peer_id peer;
  node_id node;
  bool guest = false;    ///< the other side came with a ticket
  bool dialled = false;  ///< by us
};

/// A link that was up is gone. After it no call may name it; attempts that came to nothing are told as
/// `unreachable`.
struct link_down {
  link_id link;
  wire::reason why = wire::reason::none;
  bool told = false;   ///< the other side gave the reason
  std::string detail;  ///< for people: the address, the system's words
};

/// Somebody who holds no key knocked: garbage, a wrong MAC, silence.
struct stranger {
  link_id link;
};

struct session_up {
  peer_id peer;
  node_id node;
  std::string name;  ///< what the peer calls itself; shown, never trusted
  duration round_trip{};
};

/// No path to the node any more; `left` until the session is given up.
struct path_lost {
  peer_id peer;
  node_id node;
  duration left{};
};

struct path_resumed {
  peer_id peer;
  node_id node;
  duration stall{};
};

/// A relay on the way to another node; zero and empty where only their number is known.
struct hop {
  node_id node;
  peer_id peer;
  std::string name;                      ///< what it calls itself; shown, never trusted
  std::optional<duration> round_trip{};  ///< of the link that leads to it, as its ends tell
};

/// The answer to ping().
struct pong {
  peer_id peer;
  node_id node;
  duration round_trip{};
};

/// Packets to the node go another way now; none of the streams notices.
struct path_changed {
  peer_id peer;
  node_id node;
  std::vector<hop> through;  ///< empty: directly
};

struct session_over {
  peer_id peer;
  node_id node;
  wire::reason why = wire::reason::none;
};

/// A ticket's addresses were all tried and none gave a link; or a peer that is to be reached is not there.
struct unreachable {
  peer_id peer;
  wire::reason why =
      wire::reason::none;  ///< withdrawn, version, identity, busy, protocol; none: nothing answered
  std::string detail;
  duration again_in{};
  bool reached = false;  ///< the mesh is; the peer is not in it
};

using event = std::variant<dial_wanted, close_wanted, link_up, link_down, stranger, session_up, pong,
                           path_lost, path_resumed, path_changed, session_over, unreachable, stream_incoming,
                           stream_accepted, stream_refused, stream_probed, stream_readable, stream_writable,
                           stream_confirmed, stream_ending, stream_reset, stream_done>;

}  // namespace gof::core
