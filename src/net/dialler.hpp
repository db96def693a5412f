#pragma once

#include "net/socket.hpp"
#include "wire/address.hpp"

#include <boost/asio/ip/basic_resolver.hpp>

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gof::net {

/// One attempt to connect to an address: resolves it and tries all it resolves to, one started after the
/// other, until the first answers.
class dialler : public std::enable_shared_from_this<dialler> {
 public:
  /// Called once, never from start(): the connected socket, or none and why, in the system's words with the
  /// address.
  using handler = std::function<void(std::optional<tcp_socket>, const std::string& why)>;

  dialler(boost::asio::io_context& io, wire::address to, handler done);

  void start();
  /// Gives up; the handler is not called any more.
  void cancel();

 private:
  struct attempt;
  using resolver = boost::asio::ip::basic_resolver<tcp, loop_executor>;

  void handle_resolved(error_code error, const resolver::results_type& results);
  void try_next();
  void handle_connect(const std::shared_ptr<attempt>& which, error_code error);
  void fail(const std::string& where, const std::string& words);
  void finish(std::optional<tcp_socket> socket);

  boost::asio::io_context& io_;
  wire::address to_;
  handler done_;
  resolver resolver_;
  loop_timer stagger_;
  std::vector<tcp::endpoint> candidates_;
  std::size_t next_ = 0;
  std::list<std::shared_ptr<attempt>> running_;
  std::string why_;
};

}  // namespace gof::net
