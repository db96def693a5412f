#pragma once

#include "control/status.hpp"
#include "forward/drain.hpp"
#include "log/logger.hpp"
#include "os/sd_notifier.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <optional>

namespace gof::daemon {

/// How a node command ends. SIGTERM or SIGINT drains connections, and a second one ends at once; a command
/// that does not drain ends with the first, and with SIGHUP. The io_context is stopped then. The exit code is
/// 1 if the drain's limit cut off connections.
class shutdown {
 public:
  /// What is shut down.
  class subject {
   public:
    virtual ~subject() = default;
    virtual std::size_t connections() const { return 0; }
    /// Bytes of the connections that have not reached the program at the other end yet.
    virtual std::uint64_t under_way() const { return 0; }
    virtual void drain() {}
    /// False: for a single connection, whose end is not waited for.
    virtual bool drains() const { return true; }
    /// Whether everything that the connections were given has arrived; called when none is left.
    virtual bool is_delivered() const = 0;
    virtual void abort_all() {}
  };

  shutdown(boost::asio::io_context& io, log::logger& log, os::sd_notifier& told, subject& what);

  /// Only the first call has an effect.
  void end(int code);
  int code() const { return code_.value_or(0); }
  /// While connections may still finish.
  std::optional<control::node_status::drain> draining() const;

 private:
  void wait();
  void handle_signal(int number);
  void check();

  boost::asio::io_context& io_;
  log::logger& log_;
  os::sd_notifier& told_;
  subject& what_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer timer_;
  std::optional<forward::drain> drain_;
  std::optional<int> code_;
};

}  // namespace gof::daemon
