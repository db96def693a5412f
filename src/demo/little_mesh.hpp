#pragma once

#include "demo/echo.hpp"

#include <gof/node.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace gof::demo {

/// A mesh of four nodes on 127.0.0.1: a server that does not listen, two relays that it joins, and a client
/// with a ticket that has the relays' addresses. Server and client have no direct link. The keys are new and
/// not stored.
class little_mesh {
 public:
  static constexpr std::size_t relay_count = 2;

  /// Throws system_error if the system has no free port on loopback.
  explicit little_mesh(boost::asio::io_context& io);

  /// Whether each relay has a link to both ends, so that either can carry the traffic.
  bool is_whole() const;
  node& client() { return *client_; }
  endpoint target() const { return {server_.id(), service}; }

  /// The path between client and server; empty: none at present.
  struct way {
    std::size_t by = 0;  ///< index of the relay
    std::optional<std::chrono::nanoseconds> round_trip;
  };
  std::optional<way> carrier() const;
  static const std::string& name(std::size_t relay);
  /// Permanent: its links end, and it accepts no new ones.
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
