#pragma once

#include "forward/buffer_pool.hpp"
#include "forward/local_socket.hpp"
#include "forward/tally.hpp"

#include <gof/stream.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace gof::forward {

/// Joins a local connection and a stream so that each side sees of the other what TCP would show it: bytes,
/// ends (each direction by itself), resets, back-pressure. Held by its pump_set until it is over.
class pump : public std::enable_shared_from_this<pump> {
 public:
  /// How it ended.
  struct end {
    boost::system::error_code error;  ///< none: both directions ended well
    std::string words;                ///< the other side's, on a refusal
    bool opened = false;              ///< the stream stood at all
  };

  class owner {
   public:
    virtual ~owner() = default;
    /// Told once; after it the pump holds no socket and no stream.
    virtual void handle_over(pump& who, const end& how) = 0;
    /// The pump asks for tick() until wants_tick() is false.
    virtual void stir() = 0;
  };

  /// `counts` counts this connection until it is over.
  pump(owner& of, std::shared_ptr<buffer_pool> pool, local_socket socket, gof::stream stream,
       std::shared_ptr<tally> counts);

  /// Joins with a stream that stands.
  void start();
  /// Opens the stream first; what the local side says until the answer travels behind the question.
  void start(const endpoint& to);
  /// Resets both sides.
  void abort();
  /// Like abort(), and the owner, which goes away, is not told.
  void disown();

  /// A stream without a pending operation does not tell that it was reset, and a read that waits for nothing
  /// holds its buffer: so this looks after both, several times a second.
  void tick();
  bool wants_tick() const { return blocked_ || end_received_ || waiting_large_; }

 private:
  /// What an idle connection reads into; a full one is followed by a large buffer, that by several.
  static constexpr std::size_t small_size = 2048;
  /// One wake-up of the local program for so many messages: 16 % more than with one through a relay.
  static constexpr std::size_t most_incoming = 4;

  void begin();
  // local to stream
  void await_local();
  void read_local();
  void send();
  void handle_local_end();
  void watch_local();
  // stream to local
  void receive();
  void handle_received(boost::system::error_code error, std::size_t size);
  /// Where the stream is read into, behind the first `skip` bytes of it, up to `size`.
  template <class Buffer>
  std::vector<Buffer> incoming_room(std::size_t skip, std::size_t size);
  void deliver();
  void resize_incoming();
  void handle_delivered();
  void handle_stream_end();
  // the end
  void lose_local(boost::system::error_code error);
  void lose_stream(boost::system::error_code error);
  void complete();
  void tell(const end& how);

  owner* owner_;
  std::shared_ptr<buffer_pool> pool_;
  local_socket socket_;
  gof::stream stream_;
  std::shared_ptr<tally> counts_;
  boost::asio::cancellation_signal wake_;

  buffer_pool::lease outgoing_;
  std::size_t outgoing_size_ = 0;
  std::size_t outgoing_sent_ = 0;
  std::vector<buffer_pool::lease> incoming_;  ///< most_incoming; none: small_ is read into
  std::array<std::uint8_t, small_size> small_;
  std::size_t incoming_size_ = 0;
  std::size_t incoming_written_ = 0;

  bool opened_ = false;
  bool over_ = false;
  bool end_sent_ = false;       ///< local to stream is finished
  bool end_received_ = false;   ///< stream to local is finished
  bool blocked_ = false;        ///< the local side does not read
  bool waiting_large_ = false;  ///< a read of the stream into the large buffer is pending
  bool idle_tick_ = false;      ///< and was already at the last tick
};

}  // namespace gof::forward
