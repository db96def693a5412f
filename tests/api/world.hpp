#pragma once

#include <gof/acceptor.hpp>
#include <gof/node.hpp>
#include <gof/stream.hpp>

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace gof::testing {

using boost::system::error_code;
using namespace std::chrono_literals;

/// How one operation ended; `times` counts how often its handler ran.
template <class Value = std::size_t>
struct outcome {
  int times = 0;
  error_code error;
  Value value{};

  auto handler() {
    return [this](error_code e, Value v) {
      ++times;
      error = e;
      value = std::move(v);
    };
  }
  auto plain_handler() {
    return [this](error_code e) {
      ++times;
      error = e;
    };
  }
};

/// Two nodes on one io_context: a server that listens on 127.0.0.1 and issues a ticket, and a client that
/// uses it.
class world {
 public:
  /// Only a failing test waits this long.
  static constexpr std::chrono::seconds patience{20};

  explicit world(std::chrono::milliseconds connect_timeout = 10s);
  ~world();

  boost::asio::io_context io;
  std::array<std::uint8_t, 32> network_key{};
  node_options server_options;
  node_options client_options;
  std::unique_ptr<node> server;
  std::unique_ptr<node> client;
  boost::asio::ip::tcp::endpoint at;
  gof::grant granted = gof::grant::generate();

  /// Runs the io_context until `done`. False: that took too long.
  bool run_until(const std::function<bool()>& done, std::chrono::milliseconds limit = patience);
  /// Runs whatever happens within this time.
  void run_for(std::chrono::milliseconds time);

  void start_server(unsigned short port = 0);
  void start_client();
  void use(const ticket& t);
  ticket make_ticket(const node& issuer, const std::string& address);
  ticket make_ticket();
  endpoint to(const std::string& service) const { return {server->id(), service}; }

  // Each performs one operation and waits for its end.
  error_code connect(stream& s, const endpoint& where);
  error_code probe(const endpoint& where, std::string* words = nullptr);
  incoming accept(acceptor& from);
  error_code write(stream& s, const std::string& data);
  /// Reads this much, or up to an error.
  std::string read(stream& s, std::size_t size, error_code& error);
  std::string read(stream& s, std::size_t size);
  error_code read_end(stream& s);
  /// Waits for an event of this kind, and ignores others.
  node_event next_event(node& of, node_event::kind kind);

  /// Opens a stream to the service. Second: the other end.
  std::pair<stream, stream> join(acceptor& from, const std::string& service = "echo");

  bool all_freed() const;
};

std::size_t open_descriptors();

}  // namespace gof::testing
