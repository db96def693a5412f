#pragma once

#include "net/socket.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace gof::net {

/// Accepts connections at one address until closed. When the system runs out of descriptors or memory it
/// pauses, each time for longer, and then retries; meanwhile connections wait in the system's backlog.
class listener : public std::enable_shared_from_this<listener> {
 public:
  using handler = std::function<void(tcp_socket)>;

  listener(boost::asio::io_context& io, handler take);

  /// Binds and listens. `[::]` leaves the IPv4 port free.
  void open(const tcp::endpoint& at, error_code& error);
  tcp::endpoint where() const;
  void start();
  void close();
  /// How often accepting has failed since open().
  std::size_t failures() const { return failures_; }

 private:
  void accept();
  void handle_accept(error_code error, tcp_socket socket);

  tcp_acceptor acceptor_;
  loop_timer pause_;
  handler take_;
  std::chrono::milliseconds next_pause_;
  std::size_t failures_ = 0;
};

}  // namespace gof::net
