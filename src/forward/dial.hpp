#pragma once

#include "forward/dial_outcome.hpp"
#include "forward/local_socket.hpp"
#include "forward/target.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace gof::forward {

/// One attempt to reach a target: its name resolved, its addresses tried in turn, all of it within the time
/// limit. Keeps itself until it has answered.
class dial : public std::enable_shared_from_this<dial> {
 public:
  /// Either a connected socket or why there is none. Not called after cancel().
  using handler = std::function<void(std::optional<local_socket>, const dial_failure&)>;

  static std::shared_ptr<dial> start(const boost::asio::any_io_executor& on, const target& to,
                                     std::chrono::milliseconds limit, handler done);

  dial(const boost::asio::any_io_executor& on, handler done);
  void cancel();

 private:
  using endpoint = boost::asio::generic::stream_protocol::endpoint;
  using clock = std::chrono::steady_clock;

  void begin(const target& to, std::chrono::milliseconds limit);
  void resolve(const target& to);
  void try_next();
  void wait(clock::time_point until);
  void try_again_after(std::chrono::milliseconds pause, const dial_failure& why);
  void handle_connected(boost::system::error_code error);
  void handle_time();
  void handle_failed(const dial_failure& failure);
  void answer(std::optional<local_socket> socket);

  boost::asio::any_io_executor on_;
  handler done_;
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::steady_timer timer_;
  local_socket socket_;
  std::vector<endpoint> addresses_;
  std::size_t next_ = 0;
  clock::time_point deadline_{};
  bool connecting_ = false;
  std::optional<dial_failure> failure_;
};

}  // namespace gof::forward
