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

/// Reports that the other end of a local socket is gone, even while nothing reads or writes it: that it was
/// reset, or that its machine has vanished. An epoll of its own, which asks for no events, reports errors
/// only; it ignores urgent data, which would stay readable for ever. No cap: the pump_set limits the
/// connections.
class socket_watch : public std::enable_shared_from_this<socket_watch> {
 public:
  /// Called at most once, on the loop, with the socket's error, which is taken from the socket.
  using handler = std::function<void(boost::system::error_code)>;

 private:
  struct watched;

 public:
  /// The socket is watched while this object exists; destroy it before the socket is closed.
  class registration {
   public:
    registration() = default;
    registration(registration&&) = default;
    registration& operator=(registration&& other) noexcept;
    ~registration();

    /// Something was written, or the direction was ended: checks until all of it is acknowledged.
    void wrote();

   private:
    friend class socket_watch;
    registration(std::weak_ptr<socket_watch> in, std::shared_ptr<watched> what)
        : in_(std::move(in)), what_(std::move(what)) {}

    std::weak_ptr<socket_watch> in_;
    std::shared_ptr<watched> what_;
  };

  /// Owned by a shared_ptr. Throws a system_error if there is no descriptor left.
  socket_watch(const boost::asio::any_io_executor& on, const keep_alive& alive);

  /// Also turns on the system's keep-alive for the connection.
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
  /// By numbers that are never reused, since an event may be for a socket that has been closed meanwhile.
  std::unordered_map<std::uint64_t, std::shared_ptr<watched>> all_;
  std::uint64_t next_ = 0;
  std::vector<std::shared_ptr<watched>> out_;  ///< sockets with unacknowledged data; some may be gone
  boost::asio::steady_timer timer_;            ///< runs while `out_` is not empty
  std::uint64_t round_ = 0;                    ///< identifies the current wait for errors
};

}  // namespace gof::forward
