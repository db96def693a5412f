#pragma once

#include "base/problem.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>

#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <string>

namespace gof::control {

/// A node's control socket. Each line received is a request, an object with the member "request"; each gets a
/// line in reply, an object, in order. Only the user can open it (0600). gof-status(1), CONTROL SOCKET.
class server {
 public:
  /// Takes a line of JSON, without its end.
  using reply = std::function<void(std::string line)>;
  /// Answers by calling `reply` once, immediately or later.
  using handler = std::function<void(const std::string& what, const boost::json::object& request, reply)>;

  static constexpr std::size_t longest_line = 4096;  ///< of a request
  /// At a time. A further client replaces the one that has been silent longest: connections without requests
  /// keep no client out.
  static constexpr std::size_t most_clients = 16;

  /// Creates the folder as well (0700). The problem names the path, and says why.
  static result<std::unique_ptr<server>> open(const boost::asio::any_io_executor& on,
                                              const std::filesystem::path& at, handler answer);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  using protocol = boost::asio::local::stream_protocol;
  class client;

  server(const boost::asio::any_io_executor& on, std::filesystem::path at, handler answer);
  void accept();
  void take(protocol::socket socket);
  void rest();
  /// Called on a request: the client moves to the end of the order of silence.
  void stir(const std::shared_ptr<client>& who);
  void leave(const std::shared_ptr<client>& who);
  void make_room();

  std::filesystem::path path_;
  handler answer_;
  protocol::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::list<std::shared_ptr<client>> clients_;  ///< the one that was silent longest comes first
  /// Expires with this object: handlers that run later check it.
  std::shared_ptr<server*> here_ = std::make_shared<server*>(this);
};

}  // namespace gof::control
