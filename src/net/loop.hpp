#pragma once

#include "net/clock.hpp"
#include "net/socket.hpp"
#include "net/system_random.hpp"
#include "sctp/stack.hpp"

#include <gof/completion_queue.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace gof::net {

/// The one loop of a process: its io_context, SCTP's stack, the clock, and all nodes that run on it. Exists
/// while a node holds it. Everything here happens on the thread that runs the io_context.
///
/// A turn: sockets pass what they read to their node and call touch(). One pump then polls every node for
/// events, since a packet or a tick of SCTP may have affected any of them, calls the handlers of complete
/// operations, has every node write, so that what a handler wrote leaves at once, and arms the timer. What
/// the handlers complete themselves waits for the next pump: bulk data is read, sent and acknowledged in
/// turns.
class loop : public std::enable_shared_from_this<loop> {
 public:
  /// A node on the loop.
  class member {
   public:
    virtual ~member() = default;
    virtual std::optional<instant> poll_timeout() const = 0;
    virtual void handle_timeout(instant now) = 0;
    /// Completes the operations that the core's events answer. False: there were no events.
    virtual bool handle_events(instant now) = 0;
    /// Writes what the core has for its links. False: there was nothing.
    virtual bool flush(instant now) = 0;
  };

  /// The process's loop, created if there is none. Empty: it exists on another io_context.
  static std::shared_ptr<loop> on(boost::asio::io_context& io);
  explicit loop(boost::asio::io_context& io);
  ~loop();
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  boost::asio::io_context& io() const { return io_; }
  sctp::stack& stack() { return stack_; }
  random_source& random() { return random_; }
  const std::shared_ptr<detail::completion_queue>& completions() const { return completions_; }

  /// The most that one read of a link takes. All links share the buffer, since what is read is passed on at
  /// once; so an idle socket needs no buffer. Until a link uses the buffer it takes no memory.
  static constexpr std::size_t read_size = 256 * 1024;
  mutable_bytes read_buffer() { return {read_buffer_.get(), read_size}; }

  void add(const std::shared_ptr<member>& m);
  void remove(const member& m);

  /// Something changed: schedules a pump. Calls before it runs share one pump, and it sees what changes
  /// meanwhile.
  void touch();
  /// Much was read, which takes the handlers long to pass on: what acknowledges it is written before that.
  void expect_bulk() { bulk_ = true; }

 private:
  /// Rounds of events and writes in one pump; the rest waits until other sockets had their turn.
  static constexpr int most_rounds = 16;

  void schedule();
  void pump();
  bool handle_events(instant now);
  bool flush(instant now);
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
  std::shared_ptr<detail::completion_queue> completions_;  ///< may outlive the loop, with its nodes
  bool scheduled_ = false;
  bool bulk_ = false;
  bool pumping_ = false;
};

}  // namespace gof::net
