#pragma once

#include "base/buffer.hpp"
#include "link/output_limit.hpp"
#include "net/link_dial.hpp"
#include "net/link_socket.hpp"
#include "net/listener.hpp"
#include "node/event.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gof::net {

/// The sockets by which one node has its links: those that listen, those being dialled, and one for each
/// link. Each reports here; the node's core decides what follows.
class link_sockets {
 public:
  struct entry {
    std::shared_ptr<link_socket> socket;
    bool dialled = false;
    bool guest = false;  ///< this and the rest once the link is up
    peer_id peer;
    node_id node;
  };

  /// `of` owns this object. `connect_timeout` limits one attempt to dial a link.
  link_sockets(detail::node_service& of, std::chrono::milliseconds connect_timeout)
      : of_(of), connect_timeout_(connect_timeout) {}

  // ---- the node
  /// Accepts links at this address from now on; returns it with its actual port.
  tcp::endpoint listen(const tcp::endpoint& at, error_code& error);
  void dial(const core::dial_wanted& wanted);
  /// Null if the link has no socket.
  entry* find(link_id link);
  /// Lets the core take up the links whose sockets take more again.
  void resume();
  /// The core has no more events about the links that failed.
  void forget_failed();
  /// Writes what the core has for the link.
  void flush(instant now, link_id link);
  /// Gives up the dial, or closes the socket: with a reset, or once it has written what is left.
  void end(instant now, link_id link, bool abort = false);
  /// Ends all of them, after the core's shutdown.
  void close(instant now);
  /// False while a socket still writes its last bytes.
  bool are_closed() const { return ending_ == 0; }

  // ---- the socket of a link
  buffer output(instant now, link_id link);
  void handle_bytes(link_id link, mutable_bytes data);
  /// The socket was full, and this is its path now. Returns how much may wait in it.
  std::size_t handle_path(link_id link, const core::output_limit::path& now);
  /// The socket takes more again: its link is written to in the next turn.
  void handle_writable(link_id link);
  /// `why` is empty if the other side closed in order.
  void handle_failed(link_id link, const std::string& why);
  void handle_finished();

 private:
  void add(link_id link, tcp_socket socket, bool dialled);
  void take(tcp_socket socket);

  detail::node_service& of_;
  std::chrono::milliseconds connect_timeout_;
  // No cap here: the core limits its links and dials, and the program its listeners.
  std::map<link_id, entry> links_;
  /// Links whose socket is gone. Their entries are kept for the events that are still to come.
  std::vector<link_id> failed_;
  std::vector<link_id> resumed_;  ///< links whose socket takes more; each at most once a turn
  std::map<link_id, std::shared_ptr<dial::attempt>> dials_;
  std::vector<std::shared_ptr<listener>> listeners_;
  std::size_t ending_ = 0;  ///< sockets that are being closed
};

}  // namespace gof::net
