#pragma once

#include "forward/access_policy.hpp"
#include "forward/authorization.hpp"
#include "forward/backoff.hpp"
#include "forward/own_dials.hpp"
#include "forward/probe_coalescer.hpp"
#include "forward/pump_set.hpp"
#include "forward/report.hpp"
#include "forward/target_dial.hpp"
#include "log/repeat_filter.hpp"
#include "log/throttled_logger.hpp"

#include <gof/acceptor.hpp>

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <unordered_map>

namespace gof::forward {

struct server_options {
  std::string name;  ///< of this peer, for texts of refusals
  std::chrono::milliseconds connect_timeout{10'000};
  forward::keep_alive keep_alive{};
};

/// Serves requests of other peers: authorizes, dials the target, joins. A refused peer has not caused a dial.
/// `node`, `grants` and `log` must outlive this object.
class server {
 public:
  server(gof::node& node, server_options options, const std::vector<service>& services,
         const access_policy& grants, log::logger& log);
  ~server();

  void start();
  /// Sets the services. One that keeps its name and target keeps its counts and the state of its target.
  /// Connections to one that is removed continue, even those that are still being made.
  void serve(const std::vector<service>& services);
  /// Grants or allowed peers have changed: resets the connections that would be refused now.
  void handle_grants_changed();
  /// Refuses new connections from now on; open ones continue.
  void drain();
  void abort_all();

  /// Open connections, and those being made.
  std::size_t connections() const { return pumps_.size() + dials_.size(); }
  /// Bytes of these connections that have not reached the program at the other end yet.
  std::uint64_t under_way() const { return pumps_.under_way(); }
  std::vector<service_report> report() const;

 private:
  /// The result of dialling a target; empty: it was reached.
  using outcome = std::optional<dial_failure>;
  /// The same for probes, with the ends of the connection; these are empty if it was not TCP.
  struct probed {
    outcome failure;
    std::optional<tcp_ends> ends;
  };

  /// One service. Dials keep it even when it is not served any more.
  struct offered {
    explicit offered(const forward::service& what) : service(what) {}

    forward::service service;
    bool gone = false;     ///< not served any more: its target is no longer reported
    bool looping = false;  ///< its target is a forward that leads back here
    probe_coalescer<incoming, probed> probes;
    log::repeat_filter failing;
    time_point since = std::chrono::steady_clock::now();  ///< when the state of the target last changed
    std::shared_ptr<connection_stats> counts = std::make_shared<connection_stats>();
    /// A failing target is dialled again even without a request, or it would stay marked as failing.
    backoff pauses;
    std::optional<boost::asio::steady_timer> again;
    std::shared_ptr<dial::attempt> trying;
  };
  using offered_ptr = std::shared_ptr<offered>;
  using conclusion = std::function<void(probed)>;
  /// A connection to a target that led back here before: a short wait shows whether it still does.
  struct suspicion {
    local_socket socket;
    own_dials::handle dialled;
    boost::asio::steady_timer until;
    conclusion done;
  };

  void accept();
  void judge(incoming asked);
  void refuse(incoming& asked, const decision& decided);
  bool refuse_returned(incoming& asked, const offered_ptr& to);
  void probe(incoming asked, const offered_ptr& to);
  void handle_probed(const offered_ptr& to, probed how);
  void answer(incoming& asked, const offered& what, const outcome& how) const;
  void connect(incoming asked, const offered_ptr& to, authorization by);
  void join(incoming asked, target_connection dialled, const offered_ptr& to, const authorization& by);
  void plan(const offered_ptr& what);
  void note(const offered_ptr& what, const outcome& how);
  static void retire(offered& what);
  std::uint64_t dial(const offered_ptr& to, dial_handler done);
  void give_up(std::uint64_t number);
  dial_watcher watch(const offered& to);
  void conclude(const offered_ptr& to, std::optional<target_connection> got, const dial_failure& why,
                conclusion done);
  std::string words(const offered& what, const dial_failure& why) const;

  gof::node& node_;
  server_options options_;
  const access_policy& grants_;
  log::logger& log_;
  log::throttled_logger audit_;
  log::throttled_logger vanished_;
  std::vector<access_policy::offer> here_;
  std::map<std::string, offered_ptr> services_;
  gof::acceptor acceptor_;
  pump_set pumps_;
  std::unordered_map<std::uint64_t, std::shared_ptr<dial::attempt>> dials_;
  own_dials own_;
  /// At most two for each service: one for its probes, one for our own dials of a failing target.
  std::unordered_map<std::uint64_t, suspicion> suspicions_;
  std::uint64_t next_dial_ = 0;
  bool draining_ = false;
  /// Expires with this object: handlers that run later check it.
  std::shared_ptr<server*> alive_ = std::make_shared<server*>(this);
};

}  // namespace gof::forward
