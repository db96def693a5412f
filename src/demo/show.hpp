#pragma once

#include "demo/little_mesh.hpp"
#include "demo/transfer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace gof::demo {

/// The outcome.
struct result {
  std::uint64_t bytes = 0;                 ///< that were returned
  std::chrono::nanoseconds time{};         ///< of the transfer
  std::chrono::nanoseconds stall{};        ///< the longest time without a byte, after the relay was closed
  std::string first_relay, second_relay;   ///< that carried it; empty: none did
  std::string hash_of_sent, hash_of_back;  ///< SHA-256, hexadecimal; empty: incomplete
  boost::system::error_code error;         ///< what ended the transfer
  bool silent = false;                     ///< it ended since nothing arrived in time

  bool is_right() const { return !error && !silent && hash_of_sent == hash_of_back && !hash_of_sent.empty(); }
  bool changed_path() const { return !second_relay.empty() && first_relay != second_relay; }
};

/// Receives the events of the show, in this order.
class audience {
 public:
  virtual ~audience() = default;
  /// The mesh is connected, and the transfer starts through this relay.
  virtual void tell_start(const std::string& relay, std::optional<std::chrono::nanoseconds> round_trip) = 0;
  /// Called several times a second. `relay`: the one that carries the transfer; empty: none does now.
  virtual void tell_progress(std::uint64_t bytes, std::chrono::nanoseconds since_start,
                             const std::string& relay) = 0;
  virtual void tell_relay_closed(const std::string& relay, std::uint64_t bytes) = 0;
  virtual void tell_path_changed(const std::string& relay, std::chrono::nanoseconds stall) = 0;
  virtual void tell_end(const result& how) = 0;
};

/// A transfer through a relay of a little mesh. In the middle that relay is closed, and the other one carries
/// the rest. Runs on the io_context until tell_end().
class show {
 public:
  show(boost::asio::io_context& io, audience& to, std::uint64_t bytes);

 private:
  using clock = transfer::clock;
  enum class stage { joining, moving, closed, changed, over };

  void wait();
  void look();
  void look_at_joining();
  void look_at_path();
  void close_carrier(const little_mesh::way& by);
  void handle_transfer_end(boost::system::error_code error);
  bool is_silent() const;
  void end(result how);
  std::string carrier_name() const;

  audience& to_;
  little_mesh mesh_;
  transfer transfer_;
  boost::asio::steady_timer timer_;
  stage stage_ = stage::joining;
  clock::time_point since_ = clock::now();  ///< start of the show; then of the transfer
  bool asked_ = false;                      ///< whether the first ping was sent
  std::size_t first_ = 0, second_ = 0;
  std::uint64_t received_before_change_ = 0;
  std::optional<result> came_back_;  ///< all data is back, but no change of path was seen yet
};

}  // namespace gof::demo
