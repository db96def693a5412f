#pragma once

#include "dial/connecting_socket.hpp"
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

/// A connected socket and its two addresses. Asking the system for them again would cost two calls.
struct connection {
  using endpoint = boost::asio::generic::stream_protocol::endpoint;
  dial::socket socket;
  endpoint local;  ///< empty for a unix socket
  endpoint remote;
  std::shared_ptr<void> watched;  ///< what the attempt's watcher returned for it
};

/// One attempt to connect. Looks the name up, and tries its addresses as in RFC 8305 ("happy eyeballs"):
/// families alternate, and the next address is tried once the one before has failed or been silent for
/// 250 ms. The first that answers is the connection. The attempt owns its sockets and closes them: at its
/// limit, when another was faster, on cancel(). A socket that was connected to itself counts as refused.
/// Sockets that are still connecting count in the loop's socket_share; without room there, or without
/// descriptors, the attempt waits.
///
/// Keeps itself alive until it has answered. Not thread safe.
class attempt : public std::enable_shared_from_this<attempt> {
 public:
  static constexpr std::chrono::milliseconds between_starts{250};  ///< RFC 8305, Connection Attempt Delay
  static constexpr std::size_t most_addresses = 16;                ///< of one name; more would not help
  /// If there is no room for another socket, an address that has been silent for this long makes way for the
  /// next one.
  static constexpr std::chrono::milliseconds fair_time{1000};

  struct limits {
    std::chrono::milliseconds all;                    ///< for the look-up and all addresses
    std::optional<std::chrono::milliseconds> each{};  ///< for one address
  };

  /// The connected socket: non-blocking, closed on exec(2), without Nagle's delay, urgent data inline; or
  /// empty. The failures are in the order in which they happened, at most one for each address.
  using handler = std::function<void(std::optional<connection>, const std::vector<failure>&)>;

  using endpoint = connection::endpoint;

  /// Called for each TCP connection when it is begun, before it is established, with its addresses. What it
  /// returns is kept until that connection is closed.
  using watcher = std::function<std::shared_ptr<void>(const endpoint& local, const endpoint& remote)>;

  /// `done` is called once on the loop; never from within start(), and never after cancel().
  static std::shared_ptr<attempt> start(const boost::asio::any_io_executor& on, destination to, limits within,
                                        handler done, watcher begun = {},
                                        lookup_pool& names = lookup_pool::system());

  attempt(const boost::asio::any_io_executor& on, destination to, handler done, watcher begun,
          lookup_pool& names);
  ~attempt();
  /// Gives up: the sockets are closed when this returns.
  void cancel();

 private:
  using clock = std::chrono::steady_clock;

  void begin(limits within);
  void look_up(std::chrono::milliseconds limit);
  void take(const std::vector<boost::asio::ip::address>& found);
  void start_next(clock::time_point now);
  bool take_place(clock::time_point now);
  bool connect(clock::time_point now);
  void await(const std::shared_ptr<connecting_socket>& one);
  void handle_ready(const std::shared_ptr<connecting_socket>& one, boost::system::error_code failed);
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
  std::vector<endpoint> addresses_;  // at most most_addresses
  std::size_t next_ = 0;             // of them, to be tried
  std::optional<clock::time_point> next_at_;
  std::list<std::shared_ptr<connecting_socket>> connecting_;  // the oldest first
  std::optional<socket_share::place> place_;                  // for the next socket
  std::optional<socket_share::number> waiting_;               // for a place
  std::optional<failure> lacking_;                            // what the next socket waits for
  std::vector<failure> failures_;
};

}  // namespace gof::dial
