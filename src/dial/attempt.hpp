#pragma once

#include "dial/destination.hpp"
#include "dial/failure.hpp"
#include "dial/lookup.hpp"
#include "dial/socket_share.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gof::dial {

using socket = boost::asio::generic::stream_protocol::socket;

/// A connected socket and its two addresses, which to ask for anew costs a system call each.
struct connection {
  using endpoint = boost::asio::generic::stream_protocol::endpoint;
  dial::socket socket;
  endpoint local;  ///< of a unix socket: nothing
  endpoint remote;
  std::shared_ptr<void> watched;  ///< what the attempt's watcher gave for it
};

/// One attempt to connect. Looks the name up, and tries its addresses by RFC 8305 ("happy eyeballs"):
/// families in turn, the next one when the one before has not answered for 250 ms or has failed; the first
/// that answers is the connection. Every socket is the attempt's own and closed with it: at its limit, when
/// another was faster, by cancel(). A socket that got itself as the other end counts as refused. Sockets that
/// are still connecting count in the loop's socket_share; without room there, and without descriptors, it
/// waits.
///
/// Keeps itself until it has answered. Not thread safe.
class attempt : public std::enable_shared_from_this<attempt> {
 public:
  static constexpr std::chrono::milliseconds between_starts{250};  ///< RFC 8305, Connection Attempt Delay
  static constexpr std::size_t most_addresses = 16;                ///< of one name; more say nothing new
  /// Without room for a further socket an address that has been silent for this long gives its place to the
  /// next one.
  static constexpr std::chrono::milliseconds fair_time{1000};

  struct limits {
    std::chrono::milliseconds all;                    ///< look-up and all addresses
    std::optional<std::chrono::milliseconds> each{};  ///< one address
  };

  /// The connected socket: non-blocking, closed on exec(2), without Nagle's delay, urgent bytes left in their
  /// place; or none. Failures in the order in which they happened, at most one an address.
  using handler = std::function<void(std::optional<connection>, const std::vector<failure>&)>;

  using endpoint = connection::endpoint;

  /// Told of each TCP connection that is begun, before it stands: from where and where to. What it gives is
  /// held until the connection is closed.
  using watcher = std::function<std::shared_ptr<void>(const endpoint& local, const endpoint& remote)>;

  /// `done` is called once on the loop, never from here and never after cancel().
  static std::shared_ptr<attempt> start(const boost::asio::any_io_executor& on, destination to, limits within,
                                        handler done, watcher begun = {},
                                        lookup_pool& names = lookup_pool::system());

  attempt(const boost::asio::any_io_executor& on, destination to, handler done, watcher begun,
          lookup_pool& names);
  ~attempt();
  /// Gives up: its sockets are closed when this returns.
  void cancel();

 private:
  using clock = std::chrono::steady_clock;
  struct connecting;

  void begin(limits within);
  void look_up(std::chrono::milliseconds limit);
  void take(const std::vector<boost::asio::ip::address>& found);
  void start_next(clock::time_point now);
  bool take_place(clock::time_point now);
  bool connect(clock::time_point now);
  void await(const std::shared_ptr<connecting>& one);
  void handle_ready(const std::shared_ptr<connecting>& one, boost::system::error_code failed);
  void try_again(clock::time_point at, failure why);
  void arm();
  void handle_time();
  void end_in_vain();
  void fail(failure::kind what, std::string where, boost::system::error_code error);
  void stop();
  void leave_waiting();
  std::string text_of(const endpoint& where) const;
  void answer(std::optional<connection> with);

  boost::asio::any_io_executor on_;
  boost::asio::steady_timer timer_;
  std::optional<clock::time_point> armed_;
  destination to_;
  handler done_;
  watcher begun_;
  lookup_pool& names_;
  std::shared_ptr<socket_share> share_;
  clock::time_point deadline_{};
  std::optional<std::chrono::milliseconds> each_;

  std::shared_ptr<lookup> lookup_;
  std::vector<endpoint> addresses_;  // most_addresses
  std::size_t next_ = 0;             // of them, to be started
  std::optional<clock::time_point> next_at_;
  std::list<std::shared_ptr<connecting>> connecting_;  // the oldest first
  std::optional<socket_share::place> place_;           // for the next one
  std::optional<socket_share::number> waiting_;        // for a place
  std::optional<failure> lacking_;                     // what the next one waits for
  std::vector<failure> failures_;
};

}  // namespace gof::dial
