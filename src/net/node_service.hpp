#pragma once

#include "net/acceptor_queue.hpp"
#include "net/event_queue.hpp"
#include "net/link_sockets.hpp"
#include "net/loop.hpp"
#include "net/queries.hpp"
#include "net/stream_state.hpp"
#include "node/node.hpp"
#include "wire/join_ticket.hpp"

#include <gof/node.hpp>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace gof::detail {

/// One node on the loop: its core, its sockets, and the state of the program's handles. Exists as long as one
/// of these does; after close() it only closes its sockets.
class node_service final : public net::loop::member, public std::enable_shared_from_this<node_service> {
 public:
  using error_code = boost::system::error_code;
  using event_ptr = operation_ptr<error_code, node_event>;

  /// Throws system_error(errc::another_loop).
  static std::shared_ptr<node_service> make(boost::asio::io_context& io, const node_options& options);
  node_service(std::shared_ptr<net::loop> on, const node_options& options);
  ~node_service() override;

  boost::asio::io_context& io() const { return io_; }
  loop_executor executor() const { return completions_->io(); }
  completion_queue& completions() const { return *completions_; }
  bool is_closed() const { return closed_; }
  const peer_id& id() const { return id_; }
  const node_id& node() const { return node_; }
  core::node& core() { return *core_; }  ///< not valid after close(), but for the last bytes of links
  bool has_core() const { return core_ != nullptr; }
  net::loop& running_on() { return *loop_; }
  void touch();

  // ---- the node's handle
  net::tcp::endpoint listen(const net::tcp::endpoint& at, error_code& error);
  void use(const wire::ticket& ticket, error_code& error);
  void drop(const wire::ticket& ticket);
  void reach(const peer_id& who, error_code& error);
  void drop(const peer_id& who);
  std::optional<wire::ticket> issue(const grant& granted, const std::vector<ticket::service>& services,
                                    const std::vector<std::string>& addresses, error_code& error) const;
  void join(const std::vector<std::string>& addresses, error_code& error);
  void publish(const profile& what, error_code& error);
  std::optional<wire::join_ticket> issue_join(const std::vector<std::string>& addresses,
                                              error_code& error) const;
  void start_probe(const endpoint& to, net::queries::probe_ptr done);
  void start_ping(const peer& to, net::queries::ping_ptr done);
  void start_event(event_ptr done);
  node_snapshot snapshot() const;
  std::vector<known_node> known(const std::string& after, std::size_t most) const;
  void close();

  // ---- streams and acceptors
  std::shared_ptr<stream_state> open(const endpoint& to);
  void forget(const stream_state& stream);
  /// Resets a closed stream, which has no handle any more, once the other side has been silent for a minute.
  void linger(const std::shared_ptr<stream_state>& stream);
  /// Empty: the service already has an acceptor.
  std::shared_ptr<acceptor_queue> add_acceptor(const std::string& service);
  void remove_acceptor(const std::string& service, const acceptor_queue& queue);

  // ---- links
  net::link_sockets& sockets() { return sockets_; }
  void handle_link_finished();

  // ---- the loop
  std::optional<instant> poll_timeout() const override;
  void handle_timeout(instant now) override;
  bool handle_events(instant now) override;
  bool flush(instant now) override;

 private:
  struct event_handler;

  /// shut_down, or not_allowed without a network key: for what only an open member node may do.
  error_code membership() const;
  void ask(core::stream_incoming request);
  std::shared_ptr<stream_state> find(stream_id stream) const;
  void cancel_probe(stream_id asked);
  void abort_operations();
  void release();

  boost::asio::io_context& io_;
  std::shared_ptr<net::loop> loop_;
  std::shared_ptr<completion_queue> completions_;
  std::optional<secure::secret32> network_key_;
  std::unique_ptr<core::node> core_;
  peer_id id_;
  node_id node_;
  bool closed_ = false;

  net::link_sockets sockets_;
  net::queries queries_;
  net::event_queue events_;
  // No cap here: the core limits its streams, and the program its acceptors.
  std::unordered_map<stream_id, std::shared_ptr<stream_state>> streams_;
  std::map<std::string, std::shared_ptr<acceptor_queue>> acceptors_;
  /// When to look at closed streams without a handle next, in order of time.
  std::deque<std::pair<instant, std::weak_ptr<stream_state>>> lingering_;
};

}  // namespace gof::detail
