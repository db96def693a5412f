#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "net/socket.hpp"

#include <memory>
#include <string>

namespace gof::detail {
class node_service;
}

namespace gof::net {

/// The socket of one link: hands what it reads to the node's core, writes what the core has for the link.
/// Owned by its pending handlers and by its node until close.
class link_socket : public std::enable_shared_from_this<link_socket> {
 public:
  link_socket(std::shared_ptr<detail::node_service> owner, link_id id, tcp_socket socket);

  /// The other end, for people.
  const std::string& remote() const { return remote_; }

  void start();
  /// Writes what the core has for this link, as far as the system takes it.
  void flush(instant now);
  /// The core gave the link up: what is left to write is to go within a second, or the socket fails.
  void hurry();
  /// Writes what is left, then ends: with `patience` waits for the other side's end, so that what was written
  /// is not overtaken by a reset; at most a second in all.
  void finish(instant now, bool patience);
  /// Ends with a reset, whatever is left.
  void abort();

 private:
  enum class phase { open, finishing, draining, closed };

  void wait_read();
  void handle_readable(error_code error);
  void handle_writable(error_code error);
  bool write_some(error_code& error);
  void fail(error_code error);
  void drain();
  void close();

  std::shared_ptr<detail::node_service> owner_;
  link_id id_;
  tcp_socket socket_;
  loop_timer limit_;
  std::string remote_;
  bytes out_;                ///< what the core gave and the system has not taken
  std::size_t written_ = 0;  ///< of it
  instant full_at_{};        ///< when the system last took no more
  bool waiting_ = false;     ///< for the socket to take more
  bool hurried_ = false;
  bool patient_ = false;
  phase phase_ = phase::open;
};

}  // namespace gof::net
