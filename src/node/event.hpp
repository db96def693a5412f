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

/// The shell must resolve the address and connect. It answers with handle_connected() or handle_dial_failed()
/// for this link.
struct dial_wanted {
  link_id link;
  wire::address to;
};

/// The shell must close the socket once it has written what poll_transmit() returned. The core has forgotten
/// the link.
struct close_wanted {
  link_id link;
  bool abort = false;  ///< by a reset: an orderly end would mean a wrong key, but none was checked
};

struct link_up {
  link_id link;
  peer_id peer;
  node_id node;
  bool guest = false;    ///< the other side came with a ticket
  bool dialled = false;  ///< by this node
};

/// A link that was up has ended, and no call may name it any more. Attempts that gave no link are reported as
/// `unreachable`.
struct link_down {
  link_id link;
  wire::reason why = wire::reason::none;
  bool told = false;   ///< the other side sent the reason
  std::string detail;  ///< for people: the address, the system's message
};

/// A connection without a key: garbage, a wrong MAC, silence.
struct stranger {
  link_id link;
};

struct session_up {
  peer_id peer;
  node_id node;
  std::string name;  ///< the peer's own name for itself; shown, never trusted
  duration round_trip{};
};

/// There is no path to the node any more; the session is given up after `left`.
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

/// A relay on the path to another node; zero and empty if only the number of relays is known.
struct hop {
  node_id node;
  peer_id peer;
  std::string name;                      ///< its own name for itself; shown, never trusted
  std::optional<duration> round_trip{};  ///< of the link that leads to it, as its ends report
};

/// The result of ping().
struct pong {
  peer_id peer;
  node_id node;
  duration round_trip{};
};

/// Packets to the node now take another path; no stream notices.
struct path_changed {
  peer_id peer;
  node_id node;
  std::vector<hop> through;  ///< empty: the path is direct
};

struct session_over {
  peer_id peer;
  node_id node;
  wire::reason why = wire::reason::none;
};

/// All addresses of a ticket were dialled and none gave a link; or a peer that is to be reached is not there.
struct unreachable {
  peer_id peer;
  wire::reason why =
      wire::reason::none;  ///< withdrawn, version, identity, busy, protocol; none: nothing answered
  std::string detail;
  duration again_in{};
  bool reached = false;  ///< the mesh was reached, but the peer is not in it
};

using event = std::variant<dial_wanted, close_wanted, link_up, link_down, stranger, session_up, pong,
                           path_lost, path_resumed, path_changed, session_over, unreachable, stream_incoming,
                           stream_accepted, stream_refused, stream_probed, stream_readable, stream_writable,
                           stream_confirmed, stream_ending, stream_reset, stream_done>;

}  // namespace gof::core
