#pragma once

#include "base/problem.hpp"
#include "dial/host_names.hpp"
#include "forward/bound_sockets.hpp"
#include "forward/local_socket.hpp"
#include "forward/spec.hpp"
#include "forward/tcp_ends.hpp"
#include "log/throttled_logger.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gof::forward {

/// Listens on a TCP port, of IPv4 and IPv6 if both are meant, or on a local unix socket. Any failure to
/// accept is temporary: without descriptors it pauses. Removes its unix socket at the end.
class listener : public std::enable_shared_from_this<listener> {
 public:
  /// The ends are empty for a unix socket.
  using handler = std::function<void(local_socket, std::optional<tcp_ends>)>;

  /// If `at` is a host name, `names` must have it. The problem says what failed, and who uses the port.
  static result<std::shared_ptr<listener>> open(const boost::asio::any_io_executor& on, log::logger& log,
                                                const local_endpoint& at, const dial::host_names& names = {});

  explicit listener(log::logger& log);
  ~listener();

  void start(handler taken);
  void close();

  /// The actual address and port, of two the first: "127.0.0.1:2222".
  const std::string& text() const { return text_; }
  /// All of its addresses; empty for a unix socket.
  std::vector<boost::asio::ip::tcp::endpoint> endpoints() const;

 private:
  using error_code = boost::system::error_code;

  /// One of the listening sockets.
  struct door {
    explicit door(local_acceptor bound);
    local_acceptor acceptor;
    std::optional<boost::asio::ip::tcp::endpoint> address;  ///< empty: a unix socket
    local_socket::endpoint_type client;                     ///< the address of the next client
    boost::asio::steady_timer pause;
  };

  error_code bind_unix(const boost::asio::any_io_executor& on, const std::string& path);
  void accept(door& at);
  std::optional<tcp_ends> ends_of_next(const door& at, const local_socket& socket) const;
  void handle_accept_failed(door& at, error_code error);

  log::throttled_logger log_;
  std::list<door> doors_;  ///< handlers refer to the elements
  handler taken_;
  std::string text_;
  bool pausing_ = false;

  struct made_file {
    std::string path;
    dev_t device = 0;
    ino_t inode = 0;
  };
  std::optional<made_file> file_;
};

}  // namespace gof::forward
