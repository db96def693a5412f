#pragma once

#include "demo/echo.hpp"

#include <gof/node.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace gof::demo {

/// Four nodes of a mesh of their own on 127.0.0.1: a server that listens nowhere, two relays that it joins,
/// and a client that holds a ticket with the relays' addresses. Server and client have no link to each other.
/// Keys are made for it and kept nowhere.
class little_mesh {
 public:
  static constexpr std::size_t relay_count = 2;

  /// Throws system_error when the system gives no port on loopback.
  explicit little_mesh(boost::asio::io_context& io);

  /// Both relays are linked with both ends: either may carry.
  bool is_whole() const;
  node& client() { return *client_; }
  endpoint target() const { return {server_.id(), service}; }

  /// How the client talks with the server; empty: not at present.
  struct way {
    std::size_t by = 0;  ///< which relay
    std::optional<std::chrono::nanoseconds> round_trip;
  };
  std::optional<way> carrier() const;
  static const std::string& name(std::size_t relay);
  /// For good: its links end, and it accepts none.
  void close_relay(std::size_t which) { relays_[which]->close(); }

 private:
  static constexpr auto service = "echo";

  bool is_linked_twice(const node& end) const;

  std::array<std::uint8_t, 32> network_key_{};
  gof::grant granted_ = gof::grant::generate();
  std::array<std::unique_ptr<node>, relay_count> relays_;
  node server_;
  echo target_;
  std::unique_ptr<node> client_;
};

}  // namespace gof::demo
