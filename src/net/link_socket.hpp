#pragma once

#include "base/buffer.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "net/socket.hpp"
#include "net/unsent_limit.hpp"

#include <memory>
#include <string>

namespace gof::detail {
class node_service;
}

namespace gof::net {

/// The socket of one link: passes what it reads to the node's core, and writes what the core has for the
/// link. Kept alive by its pending handlers, and by its node until closed.
class link_socket : public std::enable_shared_from_this<link_socket> {
 public:
  link_socket(std::shared_ptr<detail::node_service> owner, link_id id, tcp_socket socket);

  /// The address of the other end, for people.
  const std::string& remote() const { return remote_; }

  void start();
  /// Writes what the core has for this link, as much as the system takes.
  void flush(instant now);
  /// The core has given up the link: what is left must be written within a second, or the socket fails.
  void hurry();
  /// Writes what is left, then closes. With `patience` it waits for the other side to close first, so that no
  /// reset overtakes what was written. At most a second in total.
  void finish(instant now, bool patience);
  /// Closes with a reset and discards what is left.
  void abort();

 private:
  enum class phase { open, finishing, draining, closed };

  void wait_read();
  void handle_readable(error_code error);
  void handle_writable(error_code error);
  bool write_some(error_code& error);
  void wait_writable(instant now);
  void measure(instant now);
  void fail(error_code error);
  void drain();
  void close();

  std::shared_ptr<detail::node_service> owner_;
  link_id id_;
  tcp_socket socket_;
  loop_timer limit_;
  std::string remote_;
  buffer out_;               ///< taken from the core, not all taken by the system yet
  std::size_t written_ = 0;  ///< how much of `out_`
  instant full_at_{};        ///< when the system last refused more
  instant measured_at_{};    ///< when the path was last asked for its rate
  unsent_limit unsent_;
  bool waiting_ = false;  ///< until the socket takes more
  bool hurried_ = false;
  bool patient_ = false;
  phase phase_ = phase::open;
};

}  // namespace gof::net
