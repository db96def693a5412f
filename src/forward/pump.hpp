#pragma once

#include "forward/connection_stats.hpp"
#include "forward/local_end.hpp"
#include "forward/patience.hpp"
#include "forward/socket_watch.hpp"

#include <gof/stream.hpp>

#include <memory>
#include <optional>
#include <string>

namespace gof::forward {

/// Joins a local connection and a stream, so that each side sees of the other what TCP would show: bytes, the
/// end of each direction by itself, a reset after the bytes before it, back-pressure. It is over once the
/// program at each end has taken every byte, or when a side breaks. Its pump_set holds it until then.
class pump : public std::enable_shared_from_this<pump> {
 public:
  using duration = std::chrono::milliseconds;

  /// How it ended.
  struct end {
    boost::system::error_code error;  ///< none: both directions ended in order
    std::string words;                ///< the other side's explanation if it refused
    bool opened = false;              ///< whether the stream was ever open
    std::uint64_t unconfirmed = 0;    ///< sent from here, and not known to be taken by the other side
  };

  class owner {
   public:
    virtual ~owner() = default;
    /// Called once; the pump holds no socket and no stream any more.
    virtual void handle_over(pump& who, const end& how) = 0;
    /// Asks for one tick() after this time, or sooner.
    virtual void schedule(pump& who, duration in) = 0;
    virtual socket_watch& watch() = 0;
  };

  using beyond = local_end::beyond;

  /// `counts` counts this connection until it is over. The socket must be set up as by dial::attempt and
  /// bind_socket(): without Nagle's delay, and with urgent data inline.
  pump(owner& of, local_socket socket, gof::stream stream, std::shared_ptr<connection_stats> counts,
       beyond left);

  /// Joins with a stream that is open.
  void start();
  /// Opens the stream first. What the local side sends before the answer is sent along with the request.
  void start(const endpoint& to);
  /// Resets both sides, and drops the bytes in flight.
  void abort();
  /// As abort(), but does not notify the owner, which is being destroyed.
  void disown();

  /// Checks what no event reports: what the local side has taken after the end of the stream.
  void tick();

  /// Bytes in flight in either direction.
  std::uint64_t under_way();

 private:
  void begin();
  // local to stream
  void await_local();
  void await_room();
  void read_local();
  void handle_local_end();
  // stream to local
  void receive();
  void handle_received(boost::system::error_code error);
  void deliver();
  void await_local_room();
  void handle_stream_end();
  // what the local side has taken
  void tell_taken(std::size_t left);
  void check_taken();
  void look_again();
  // long-lived connections
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
  local_end local_;
  gof::stream stream_;
  std::shared_ptr<connection_stats> counts_;
  std::size_t next_read_;  ///< the most that is read from the local side at once

  boost::system::error_code local_broken_;   ///< the local side was reset; its last bytes are still read
  std::uint64_t dry_left_ = 0;               ///< how many of these bytes are left
  boost::system::error_code stream_broken_;  ///< the other side was reset; what came before is delivered
  std::optional<patience> patience_;         ///< with the local side, after that
  duration look_in_{};                       ///< the pause of look_again()

  bool opened_ = false;
  bool lasts_ = false;
  bool over_ = false;
  bool end_sent_ = false;      ///< local to stream has ended
  bool end_received_ = false;  ///< stream to local has ended
  bool read_out_ = false;      ///< nothing more can be read from the stream
  bool taken_ = false;         ///< the local side has taken all of it
  bool blocked_ = false;       ///< the local side does not read
};

}  // namespace gof::forward
