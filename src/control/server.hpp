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

/// A node's control socket: each line that comes is a request, an object with the member "request"; each gets
/// one line, an object, in their order. Readable for the user alone (0600). gof-status(1), CONTROL SOCKET.
class server {
 public:
  /// Takes a line of JSON without its end.
  using reply = std::function<void(std::string line)>;
  /// Answers by calling the reply, once, then or later.
  using handler = std::function<void(const std::string& what, const boost::json::object& request, reply)>;

  static constexpr std::size_t longest_line = 4096;  ///< of a request
  /// At once. One more, and the one that has been silent for the longest is closed: those that hold a
  /// connection and ask nothing keep nobody out.
  static constexpr std::size_t most_clients = 16;

  /// Makes the folder too (0700). The problem says which path, and why.
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
  /// It asked: of all it has now been silent for the shortest time.
  void stir(const std::shared_ptr<client>& who);
  void leave(const std::shared_ptr<client>& who);
  void make_room();

  std::filesystem::path path_;
  handler answer_;
  protocol::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::list<std::shared_ptr<client>> clients_;  ///< who was silent for the longest first
  /// What completes later looks whether this is still there.
  std::shared_ptr<server*> here_ = std::make_shared<server*>(this);
};

}  // namespace gof::control
