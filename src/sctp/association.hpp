#pragma once

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "sctp/stack.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace gof::sctp {

/// What one association of gof's is made with; the reasons stand beside the values in settings.hpp.
constexpr std::size_t largest_packet = 65000;                      ///< common header included
constexpr std::size_t largest_message = largest_packet - 12 - 16;  ///< one message, one chunk, one packet
constexpr std::uint16_t stream_count = 256;

struct message {
  std::uint16_t stream = 0;
  std::uint32_t kind = 0;  ///< the payload protocol identifier, host order
  bytes data;
};

struct packet {
  bytes data;
  bool has_data = false;  ///< carries a DATA chunk: charged to the flow; others are control
  /// What is known to have arrived when this TSN is; empty: nothing in it goes again by handle_switch().
  std::optional<std::uint32_t> last_tsn{};
  bool opens = false;  ///< INIT or COOKIE-ECHO, which wait for an answer
};

struct endpoint;

/// One SCTP association (RFC 9260) with a peer that the session has already proved; its packets travel
/// sealed. Sans-I/O by the core contract; borrows the stack, which must outlive it. Destruction aborts
/// without a word.
class association {
 public:
  enum class role { client, server };
  enum class state { connecting, up, down };

  /// `port` is used on both ends. The client sends its INIT at once; the server waits for it.
  association(instant now, stack& on, role as, std::uint16_t port);
  ~association();
  association(const association&) = delete;
  association& operator=(const association&) = delete;

  /// One packet from the session. What the chunk filter does not pass is dropped and counted, never handed to
  /// usrsctp.
  void handle_packet(instant now, const_bytes data);

  /// Queues a message of 1 .. largest_message bytes, ordered within `stream`. False: no room (or not up) -
  /// nothing was taken, try again after packets were handled.
  bool send(instant now, std::uint16_t stream, std::uint32_t kind, const_bytes message);

  std::optional<packet> poll_packet();
  /// A polled packet went out. It is kept until it is known to have arrived, or its buffer is used again.
  void handle_written(packet&& done);
  /// Packets go another way from now on, or again after there was none: what may have been lost stands before
  /// all others at poll_packet(), oldest first. `unwritten` was polled and did not go out.
  void handle_switch(std::optional<packet> unwritten);
  std::optional<message> poll_message();
  state status() const;

  /// It has timers that run: a tick of the stack may move it.
  bool is_ticking() const;
  /// Something was sent that is not acknowledged, or waits to be: the path is worth a probe.
  bool outstanding() const;
  /// Bytes handed to send() that were not yet acknowledged by the other side.
  std::size_t unacknowledged() const;
  std::uint64_t filtered() const;    ///< packets the chunk filter dropped
  std::uint64_t overflowed() const;  ///< packets of ours dropped because they were not polled
  std::uint64_t arrived() const;     ///< chunks of ours that are known to have
  /// Bytes handed to send() that were not yet written: what comes next waits behind them. Not known (0) while
  /// the replay ring has no room.
  std::size_t backlog() const;
  std::size_t kept() const;  ///< bytes of packets that would go again

  /// The session's round-trip time: buffers grow with it (1 MiB is 3.6 MB/s at 100 ms).
  void handle_round_trip(duration rtt);

 private:
  std::unique_ptr<endpoint> endpoint_;
};

}  // namespace gof::sctp
