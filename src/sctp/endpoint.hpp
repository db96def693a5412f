#pragma once

#include "sctp/association.hpp"
#include "sctp/chunk_filter.hpp"
#include "sctp/flight.hpp"
#include "sctp/options.hpp"
#include "sctp/registry.hpp"
#include "sctp/replay_ring.hpp"

#include <usrsctp.h>

#include <deque>

namespace gof::sctp {

/// The implementation of an association: usrsctp's sockets, and the queues on both sides of them.
struct endpoint {
  endpoint(instant now, stack::registry& on, association::role as, std::uint16_t port);
  ~endpoint();
  endpoint(const endpoint&) = delete;
  endpoint& operator=(const endpoint&) = delete;

  /// Called by usrsctp with the association locked, so it must not call usrsctp.
  void handle_output(const_bytes data);

  void handle_packet(instant now, const_bytes data);
  bool send(instant now, std::uint16_t stream, std::uint32_t kind, const_bytes data);
  std::optional<packet> poll_packet();
  void handle_written(packet&& done);
  void handle_switch(std::optional<packet> unwritten);
  std::optional<message> poll_message();
  void handle_round_trip(duration rtt);

  bool has_ring() const { return has_ring_; }

  /// Call it after anything that may have changed the association: takes the accepted socket, and reads
  /// messages and changes of state.
  void settle(instant now);

  stack::registry& table;
  const association::role role;
  const std::uintptr_t number;
  chunk_filter filter;
  flight under_way;
  replay_ring ring;
  association::state state = association::state::connecting;
  bool readable = false;  ///< set by the upcall; cleared when a read finds nothing
  bool closing = false;
  std::uint64_t filtered = 0;
  std::uint64_t overflowed = 0;  ///< packets dropped because the output queue was full

 private:
  handle open();
  bool connect();
  void accept();
  void read();
  void handle_part(const_bytes part, const sctp_rcvinfo& about, bool last);
  void handle_notification(const_bytes data);
  void go_down();
  void release();
  void go_without_ring();
  void queue(packet&& next, bool first);
  bool bundle(const_bytes data, std::optional<std::uint32_t> last_tsn);

  const std::uint16_t port_;
  handle listener_ = nullptr;  ///< of a server, until it has accepted its one association
  handle line_ = nullptr;
  std::size_t send_space_;
  bool has_ring_ = true;
  std::deque<packet> output_;  ///< at most settings::output_space
  std::size_t output_size_ = 0;
  /// One message, read ahead, since a change of state may follow it.
  std::optional<message> complete_;
  message partial_;  ///< at most largest_message
};

}  // namespace gof::sctp
