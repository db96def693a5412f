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
  std::string name;  ///< this peer's, for what refusals say
  std::chrono::milliseconds connect_timeout{10'000};
  forward::keep_alive keep_alive{};
};

/// Serves what others ask this node for: judges, dials the target, joins. Who is refused has not touched the
/// target. `node`, `grants` and `log` outlive it.
class server {
 public:
  server(gof::node& node, server_options options, const std::vector<service>& services,
         const access_policy& grants, log::logger& log);
  ~server();

  void start();
  /// The services from now on. What is served already, by name and target, stays as it is: its counts, and
  /// what is known of its target. Connections to one that is not served any more go on, those being made
  /// too.
  void serve(const std::vector<service>& services);
  /// The grants changed, or who is allowed what: connections that would not be had any more are reset.
  void handle_grants_changed();
  /// New connections are refused from now on; those that stand go on.
  void drain();
  void abort_all();

  /// Connections that stand or are being made.
  std::size_t connections() const { return pumps_.size() + dials_.size(); }
  /// Bytes of theirs that one side's local end has yet to take.
  std::uint64_t under_way() const { return pumps_.under_way(); }
  std::vector<service_report> report() const;

 private:
  /// What became of a dial of a target: reached, or not.
  using outcome = std::optional<dial_failure>;
  /// The same for those who probe, and where it led; empty: not over TCP.
  struct probed {
    outcome failure;
    std::optional<tcp_ends> ends;
  };

  /// One service. Dials hold it also when it is not served any more.
  struct offered {
    explicit offered(const forward::service& what) : service(what) {}

    forward::service service;
    bool gone = false;     ///< not served any more: nobody is told of its target
    bool looping = false;  ///< its target is a forward that leads back here
    probe_coalescer<incoming, probed> probes;
    log::repeat_filter failing;
    time_point since = std::chrono::steady_clock::now();  ///< the target is as it is
    std::shared_ptr<connection_stats> counts = std::make_shared<connection_stats>();
    /// While it fails it is tried again, whoever asks: or it would be called failing for ever.
    backoff pauses;
    std::optional<boost::asio::steady_timer> again;
    std::shared_ptr<dial::attempt> trying;
  };
  using offered_ptr = std::shared_ptr<offered>;
  using conclusion = std::function<void(probed)>;
  /// A dial of a target that led back here: whether it still does shows in a moment.
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
  std::unordered_map<std::uint64_t, suspicion>
      suspicions_;  ///< one for a probe and one for a look of our own at each service
  std::uint64_t next_dial_ = 0;
  bool draining_ = false;
  /// What completes later looks whether this is still there.
  std::shared_ptr<server*> alive_ = std::make_shared<server*>(this);
};

}  // namespace gof::forward
