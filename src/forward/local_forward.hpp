#pragma once

#include "forward/listener.hpp"
#include "forward/pump_set.hpp"
#include "forward/readiness.hpp"
#include "forward/report.hpp"
#include "log/throttled_logger.hpp"

#include <gof/node.hpp>

#include <functional>
#include <memory>
#include <string>

namespace gof::forward {

/// One listener whose connections go to one service of a peer.
class local_forward : public std::enable_shared_from_this<local_forward> {
 public:
  /// What all forwards to one peer share. It must outlive them.
  struct context {
    gof::node& node;
    gof::peer peer;
    log::logger& log;
    pump_set& pumps;
    std::function<std::string()> peer_name;
    std::function<std::string()> path_words;  ///< such as "direct 0.4 ms"
    std::function<void()> ready;
    std::function<void()> waiting;  ///< a probe failed: the peer is not reached
    /// True: the program ends, and has logged why.
    std::function<bool(boost::system::error_code why, const std::string& line)> refused;
  };

  /// `local` is already bound.
  local_forward(const context& in, std::shared_ptr<listener> local, forwarding what);
  ~local_forward();

  void start();
  /// No new connections and no more probes; open connections continue.
  void close();

  void handle_session_up();
  void handle_session_over();
  bool is_ready() const { return state_.is_ready(); }
  bool was_ready() const { return state_.was_ready(); }
  forward_report report() const;
  const forwarding& what() const { return what_; }

 private:
  void take(local_socket socket, const std::optional<tcp_ends>& ends);
  void handle_over(const pump::end& how);
  void run();
  void probe();
  void tell(const readiness::news& what, const std::string& words);
  void note(bool ready, const std::string& why);
  std::string route() const;

  const context& in_;
  log::throttled_logger failures_;
  std::shared_ptr<listener> local_;
  forwarding what_;
  readiness state_;
  boost::asio::steady_timer timer_;
  time_point since_;  ///< when it became ready, or stopped being so
  std::string why_ = "the peer was not reached yet";
  std::shared_ptr<connection_stats> counts_ = std::make_shared<connection_stats>();
  bool closed_ = false;
};

}  // namespace gof::forward
