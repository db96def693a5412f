#pragma once

#include "net/acceptor_queue.hpp"
#include "net/event_queue.hpp"
#include "net/link_dial.hpp"
#include "net/link_socket.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"
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

/// One node on the loop: its core, its sockets, and the handles that the program has on it. Lives as long as
/// one of these; after close() it does nothing but end its sockets.
class node_service final : public net::loop::member, public std::enable_shared_from_this<node_service> {
 public:
  using error_code = boost::system::error_code;
  using probe_ptr = operation_ptr<error_code, std::string>;
  using ping_ptr = operation_ptr<error_code, std::chrono::nanoseconds, std::string>;
  using event_ptr = operation_ptr<error_code, node_event>;

  /// Throws system_error(errc::another_loop).
  static std::shared_ptr<node_service> make(boost::asio::io_context& io, const node_options& options);
  node_service(std::shared_ptr<net::loop> on, const node_options& options);
  ~node_service() override;

  loop_executor executor() const { return io_.get_executor(); }
  bool is_closed() const { return closed_; }
  const peer_id& id() const { return id_; }
  const node_id& node() const { return node_; }
  core::node& core() { return *core_; }  ///< not after close()
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
  void start_probe(const endpoint& to, probe_ptr done);
  void start_ping(const peer& to, ping_ptr done);
  void start_event(event_ptr done);
  node_snapshot snapshot() const;
  std::vector<known_node> known(const std::string& after, std::size_t most) const;
  void close();

  // ---- streams and acceptors
  std::shared_ptr<stream_state> open(const endpoint& to);
  void forget(const stream_state& stream);
  /// Looks after a stream without a handle until it is over.
  void linger(const std::shared_ptr<stream_state>& stream);
  /// Empty: the name has an acceptor.
  std::shared_ptr<acceptor_queue> add_acceptor(const std::string& service);
  void remove_acceptor(const std::string& service, const acceptor_queue& queue);

  // ---- links
  bytes link_output(instant now, link_id link);
  void handle_link_bytes(link_id link, mutable_bytes data);
  /// Its socket takes more: it is written to in the next turn.
  void resume_link(link_id link);
  /// Empty: the other side ended it in order.
  void handle_link_failed(link_id link, const std::string& why);
  void handle_link_finished();

  // ---- the loop
  std::optional<instant> poll_timeout() const override;
  void handle_timeout(instant now) override;
  void pump(instant now) override;

 private:
  struct event_handler;

  struct link_entry {
    std::shared_ptr<net::link_socket> socket;
    bool dialled = false;
    bool guest = false;  ///< this and the rest once it is up
    peer_id peer;
    node_id node;
  };

  void add_link(link_id link, net::tcp_socket socket, bool dialled);
  void take_socket(net::tcp_socket socket);
  void dial(const core::dial_wanted& wanted);
  void end_link(instant now, link_id link, bool abort = false);
  /// Shut down, or without a network key where one is needed.
  error_code membership() const;
  bool handle_events(instant now);
  void ask(core::stream_incoming request);
  std::shared_ptr<stream_state> find(stream_id stream) const;
  /// The probe's answer, if it is one.
  bool answer_probe(stream_id stream, error_code error, const std::string& text);
  void cancel_probe(stream_id stream);
  void answer_pings(const core::pong& answer);
  void abort_operations();
  void release();

  boost::asio::io_context& io_;
  std::shared_ptr<net::loop> loop_;
  std::optional<secure::secret32> network_key_;
  std::chrono::milliseconds connect_timeout_;
  std::unique_ptr<core::node> core_;
  peer_id id_;
  node_id node_;
  bool closed_ = false;

  // As many as the core lets live; it has the caps.
  std::map<link_id, link_entry> links_;
  std::vector<link_id>
      failed_;  ///< of them, those whose socket is gone; kept for what is yet to be told of them
  std::vector<link_id> resumed_;  ///< of them, each at most once a turn
  std::map<link_id, std::shared_ptr<gof::dial::attempt>> dials_;
  std::unordered_map<stream_id, std::shared_ptr<stream_state>> streams_;
  // As many as the program makes.
  std::vector<std::shared_ptr<net::listener>> listeners_;
  std::map<std::string, std::shared_ptr<acceptor_queue>> acceptors_;
  std::map<stream_id, net::pending<error_code, std::string>> probes_;
  struct waiting_ping {
    peer_id to;
    net::pending<error_code, std::chrono::nanoseconds, std::string> done;
  };
  std::map<std::uint64_t, waiting_ping> pings_;  ///< most_probes
  std::uint64_t next_ping_ = 0;
  net::event_queue events_;
  /// When to look after streams without a handle, the next first.
  std::deque<std::pair<instant, std::weak_ptr<stream_state>>> lingering_;
  std::size_t ending_ = 0;  ///< sockets that say goodbye
};

}  // namespace gof::detail
