#pragma once

#include "base/buffer.hpp"
#include "base/time.hpp"
#include "sctp/stack.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace gof::sctp {

/// The sizes of an association; settings.hpp has the reasons.
constexpr std::size_t largest_packet = 65000;                      ///< with the common header
constexpr std::size_t largest_message = largest_packet - 12 - 16;  ///< one message, one chunk, one packet
constexpr std::uint16_t stream_count = 256;

struct message {
  std::uint16_t stream = 0;
  std::uint32_t kind = 0;  ///< the payload protocol identifier, in host byte order
  buffer data;
};

struct packet {
  bytes data;
  bool has_data = false;  ///< has a DATA chunk, so it counts against the flow; all others are control
  /// The packet has arrived once this TSN is acknowledged. Empty: handle_switch() never repeats the packet.
  std::optional<std::uint32_t> last_tsn{};
  bool opens = false;  ///< INIT or COOKIE-ECHO, which need an answer
};

struct endpoint;

/// One SCTP association (RFC 9260) with a peer whose key the session has proved; its packets are sealed.
/// Sans-I/O by the core contract. The stack must outlive it. The destructor aborts it without sending
/// anything.
class association {
 public:
  enum class role { client, server };
  enum class state { connecting, up, down };

  /// Both ends use `port`. The client sends its INIT at once; the server waits for it.
  association(instant now, stack& on, role as, std::uint16_t port);
  ~association();
  association(const association&) = delete;
  association& operator=(const association&) = delete;

  /// A packet from the session. Packets that the chunk filter rejects are counted and dropped; usrsctp never
  /// sees them.
  void handle_packet(instant now, const_bytes data);

  /// Queues a message of 1 to largest_message bytes, in order within `stream`. False: there is no room, or
  /// the association is not up. Nothing was taken then; try again after more packets were handled.
  bool send(instant now, std::uint16_t stream, std::uint32_t kind, const_bytes message);

  std::optional<packet> poll_packet();
  /// A polled packet was sent. Keeps it until it is known to have arrived; otherwise reuses its buffer.
  void handle_written(packet&& done);
  /// The path has changed, or is back after there was none: poll_packet() first returns the packets that may
  /// have been lost, the oldest first. `unwritten` was polled but not sent.
  void handle_switch(std::optional<packet> unwritten);
  std::optional<message> poll_message();
  state status() const;

  /// It has running timers: a tick of the stack may change it.
  bool is_ticking() const;
  /// Something is unacknowledged or waits to be sent: a dead path would matter.
  bool outstanding() const;
  /// Bytes given to send() that the other side has not acknowledged.
  std::size_t unacknowledged() const;
  std::uint64_t filtered() const;    ///< packets that the chunk filter rejected
  std::uint64_t overflowed() const;  ///< our packets that were dropped because they were not polled
  std::uint64_t arrived() const;     ///< our chunks that are known to have arrived
  /// Bytes given to send() that were not sent yet: the next message waits behind them. Unknown (0) while the
  /// replay ring is not in use.
  std::size_t backlog() const;
  std::size_t kept() const;  ///< bytes of packets that would be repeated

  /// The session's round-trip time; buffers grow with it (1 MiB is 3.6 MB/s at 100 ms).
  void handle_round_trip(duration rtt);

 private:
  std::unique_ptr<endpoint> endpoint_;
};

}  // namespace gof::sctp
