#pragma once

#include "net/clock.hpp"
#include "net/socket.hpp"
#include "net/system_random.hpp"
#include "sctp/stack.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace gof::net {

/// The one loop of a process: its io_context, SCTP's stack, the clock, and all nodes that run on it. Exists
/// while a node holds it. Everything here happens on the thread that runs the io_context.
///
/// A turn: sockets pass what they read to their node and call touch(). One pump then polls every node for
/// events and for bytes to write, since a packet or a tick of SCTP may have affected any of them, and arms
/// the timer.
class loop : public std::enable_shared_from_this<loop> {
 public:
  /// A node on the loop.
  class member {
   public:
    virtual ~member() = default;
    virtual std::optional<instant> poll_timeout() const = 0;
    virtual void handle_timeout(instant now) = 0;
    virtual void pump(instant now) = 0;
  };

  /// The process's loop, created if there is none. Empty: it exists on another io_context.
  static std::shared_ptr<loop> on(boost::asio::io_context& io);
  explicit loop(boost::asio::io_context& io);
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  boost::asio::io_context& io() const { return io_; }
  sctp::stack& stack() { return stack_; }
  random_source& random() { return random_; }

  /// The most that one read of a link takes. All links share the buffer, since what is read is passed on at
  /// once; so an idle socket needs no buffer. Until a link uses the buffer it takes no memory.
  static constexpr std::size_t read_size = 256 * 1024;
  mutable_bytes read_buffer() { return {read_buffer_.get(), read_size}; }

  void add(const std::shared_ptr<member>& m);
  void remove(const member& m);

  /// Something changed: schedules a pump. Calls before it runs share one pump.
  void touch();

 private:
  void pump();
  void arm();
  void handle_timer();
  template <class Function>
  void each_member(Function&& function);

  boost::asio::io_context& io_;
  system_random random_;
  sctp::stack stack_;
  std::unique_ptr<std::uint8_t[]> read_buffer_ = std::make_unique_for_overwrite<std::uint8_t[]>(read_size);
  std::vector<std::weak_ptr<member>> members_;  // as many as the program has nodes
  loop_timer timer_;
  std::optional<instant> armed_;
  bool touched_ = false;
};

}  // namespace gof::net
