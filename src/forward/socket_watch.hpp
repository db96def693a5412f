#pragma once

#include "forward/keep_alive.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace gof::forward {

/// Tells when the other end of a local socket is gone, also while nothing reads or writes it: it was reset,
/// or its machine has vanished. An epoll of its own that asks for no event hears of errors alone; urgent
/// data, which would be there for ever, are none. As many sockets as the pump_set has connections; it has the
/// cap.
class socket_watch : public std::enable_shared_from_this<socket_watch> {
 public:
  /// Called once at most, on the loop: what is wrong with the socket, which has lost it by that.
  using handler = std::function<void(boost::system::error_code)>;

 private:
  struct watched;

 public:
  /// A socket that is watched while this is held; it is to be given up before the socket is closed.
  class registration {
   public:
    registration() = default;
    registration(registration&&) = default;
    registration& operator=(registration&& other) noexcept;
    ~registration();

    /// Something was written, or its end: from now on until all is acknowledged it is looked after.
    void wrote();

   private:
    friend class socket_watch;
    registration(std::weak_ptr<socket_watch> in, std::shared_ptr<watched> what)
        : in_(std::move(in)), what_(std::move(what)) {}

    std::weak_ptr<socket_watch> in_;
    std::shared_ptr<watched> what_;
  };

  /// Held by a shared_ptr. Throws a system_error when there is no descriptor left.
  socket_watch(const boost::asio::any_io_executor& on, const keep_alive& alive);

  /// The system keeps the connection alive from now on, too (keep_alive).
  registration add(local_socket& socket, handler gone);

 private:
  void remove(watched& what);
  void wait();
  void take_events();
  void list(const std::shared_ptr<watched>& what);
  void look();
  void tell(watched& what, boost::system::error_code error);

  keep_alive alive_;
  boost::asio::posix::stream_descriptor errors_;
  /// By numbers that are never used again: an event may be for a socket that was closed meanwhile.
  std::unordered_map<std::uint64_t, std::shared_ptr<watched>> all_;
  std::uint64_t next_ = 0;
  std::vector<std::shared_ptr<watched>> out_;  ///< those with something not acknowledged; or gone
  boost::asio::steady_timer timer_;            ///< runs while there are any
  std::uint64_t round_ = 0;                    ///< of the wait for errors that counts
};

}  // namespace gof::forward
