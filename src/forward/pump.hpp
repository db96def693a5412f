#pragma once

#include "forward/buffer_pool.hpp"
#include "forward/connection_stats.hpp"
#include "forward/local_socket.hpp"
#include "forward/patience.hpp"
#include "forward/socket_watch.hpp"

#include <gof/stream.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gof::forward {

/// Joins a local connection and a stream so that each side sees of the other what TCP would show it: bytes,
/// ends (each direction by itself), resets behind the bytes before them, back-pressure. It is over when each
/// side's local end has taken every byte, or when something broke. Held by its pump_set until then.
class pump : public std::enable_shared_from_this<pump> {
 public:
  using duration = std::chrono::milliseconds;

  /// How it ended.
  struct end {
    boost::system::error_code error;  ///< none: both directions ended well
    std::string words;                ///< the other side's, on a refusal
    bool opened = false;              ///< the stream stood at all
    std::uint64_t unconfirmed = 0;    ///< bytes from here that the other side is not known to have taken
  };

  class owner {
   public:
    virtual ~owner() = default;
    /// Told once; after it the pump holds no socket and no stream.
    virtual void handle_over(pump& who, const end& how) = 0;
    /// The pump asks for one tick() in so long, or sooner.
    virtual void schedule(pump& who, duration in) = 0;
    virtual socket_watch& watch() = 0;
  };

  /// Bytes that the local socket's other end took and has not passed on to where they go; none: it is there.
  using beyond = std::function<std::size_t()>;

  /// `counts` counts this connection until it is over. The socket is made as dial::attempt and bind_socket()
  /// make theirs: without Nagle's delay, urgent bytes left in their place.
  pump(owner& of, std::shared_ptr<buffer_pool> pool, local_socket socket, gof::stream stream,
       std::shared_ptr<connection_stats> counts, beyond left);

  /// Joins with a stream that stands.
  void start();
  /// Opens the stream first; what the local side says until the answer travels behind the question.
  void start(const endpoint& to);
  /// Resets both sides, and drops what is under way.
  void abort();
  /// Like abort(), and the owner, which goes away, is not told.
  void disown();

  /// Looks at what no event tells: what the local side has taken at an end, and a large buffer that waits for
  /// nothing.
  void tick();

  /// Bytes of either direction that are under way.
  std::uint64_t under_way();

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
  void handle_sent(boost::system::error_code error, std::size_t size);
  void handle_local_end();
  // stream to local
  void receive();
  void handle_received(boost::system::error_code error, std::size_t size);
  /// Where the stream is read into, behind the first `skip` bytes of it, up to `size`.
  template <class Buffer>
  std::vector<Buffer> incoming_room(std::size_t skip, std::size_t size);
  void deliver();
  void resize_incoming();
  void keep_rest();
  void handle_stream_end();
  // what the local side took
  std::size_t not_taken();
  void tell_taken(std::size_t left);
  void check_taken();
  void look_again();
  // what lasts
  void watch_local();
  void watch_stream();
  // the end
  void break_local(boost::system::error_code error);
  void break_stream(boost::system::error_code error);
  void check_reset();
  void lose(boost::system::error_code error, bool drop = false);
  void complete();
  void tell(const end& how);

  owner* owner_;
  std::shared_ptr<buffer_pool> pool_;
  local_socket socket_;
  socket_watch::registration watched_;  ///< of a connection that lasts; given up before the socket is closed
  gof::stream stream_;
  std::shared_ptr<connection_stats> counts_;
  beyond beyond_;
  boost::asio::cancellation_signal wake_;

  buffer_pool::lease outgoing_;
  std::size_t outgoing_size_ = 0;
  std::size_t outgoing_sent_ = 0;
  std::uint64_t pulled_ = 0;                  ///< read from the local side, ever
  std::vector<buffer_pool::lease> incoming_;  ///< most_incoming; none: small_ is read into
  std::array<std::uint8_t, small_size> small_;
  std::vector<std::uint8_t> rest_;  ///< of what was read, in place of incoming_: the local side has stalled
  std::size_t incoming_size_ = 0;
  std::size_t incoming_written_ = 0;
  std::uint64_t stalled_at_ = 0;  ///< delivered_ when the local side was seen to take nothing
  std::uint64_t delivered_ = 0;   ///< written to the local side, ever

  boost::system::error_code local_broken_;   ///< the local side was reset; it is read dry
  std::uint64_t dry_left_ = 0;               ///< and has so much left
  boost::system::error_code stream_broken_;  ///< the other side was reset; what came before is delivered
  std::optional<patience> patience_;         ///< with the local side, then
  duration look_in_{};                       ///< how soon look_again() looks

  bool opened_ = false;
  bool lasts_ = false;
  bool over_ = false;
  bool end_sent_ = false;       ///< local to stream is finished
  bool end_received_ = false;   ///< stream to local is finished
  bool read_out_ = false;       ///< nothing more comes out of the stream
  bool taken_ = false;          ///< and the local side has all of it
  bool blocked_ = false;        ///< the local side does not read
  bool waiting_large_ = false;  ///< a read of the stream into the large buffer is pending
  bool idle_tick_ = false;      ///< and was already at the last tick
};

}  // namespace gof::forward
