#pragma once

#include "base/problem.hpp"
#include "forward/local_socket.hpp"

#include <boost/asio/io_context.hpp>

#include <future>
#include <system_error>

namespace gof::cli {

/// stdin and stdout as one connection. They may be files, pipes or a terminal that others share, which
/// neither wait in a loop nor may be made non-blocking: two threads do nothing but copy between them and a
/// socket. They may wait there for ever, so they are only left behind; the end of the process ends them.
class stdio_bridge {
 public:
  /// Once: the loop's end.
  result<forward::local_socket> open(boost::asio::io_context& io);

  /// After the loop's end was closed: waits until all that came is written. Why it was not, if it was not.
  std::error_code finish();

 private:
  std::future<std::error_code> written_;
};

}  // namespace gof::cli
