#pragma once

#include "base/problem.hpp"
#include "dial/host_names.hpp"
#include "forward/limited_journal.hpp"
#include "forward/local_socket.hpp"
#include "forward/spec.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>

namespace gof::forward {

/// Listens on a TCP port or a unix socket of this machine, and goes on listening whatever happens: without
/// descriptors it pauses. Removes its unix socket at the end.
class listener : public std::enable_shared_from_this<listener> {
 public:
  using handler = std::function<void(local_socket)>;

  /// A name that it listens on is among `names`. The problem says what stands in the way, and for whom.
  static result<std::shared_ptr<listener>> open(const boost::asio::any_io_executor& on, journal& log,
                                                const local_endpoint& at, const dial::host_names& names = {});

  listener(const boost::asio::any_io_executor& on, journal& log);
  ~listener();

  void start(handler taken);
  void close();

  /// Where in fact, port and all: "127.0.0.1:2222".
  const std::string& text() const { return text_; }

 private:
  using protocol = boost::asio::generic::stream_protocol;
  using error_code = boost::system::error_code;

  error_code bind(const protocol::endpoint& at);
  error_code bind_tcp(const local_endpoint& at, const dial::host_names& names);
  error_code bind_unix(const std::string& path);
  void accept();
  void handle_accept_failed(error_code error);

  limited_journal log_;
  boost::asio::basic_socket_acceptor<protocol> acceptor_;
  boost::asio::steady_timer pause_;
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
