#pragma once

#include "forward/drain.hpp"
#include "log/logger.hpp"
#include "os/sd_notifier.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <optional>

namespace gof::daemon {

/// How a node command ends: SIGTERM or SIGINT drains, a second one ends it now; what does not drain is ended
/// by the first, and by SIGHUP. The io_context is stopped then. The code is 1 when the drain's limit cut
/// connections off.
class shutdown {
 public:
  /// What is to end.
  class subject {
   public:
    virtual ~subject() = default;
    virtual std::size_t connections() const { return 0; }
    /// Bytes of theirs that one side's local end has yet to take.
    virtual std::uint64_t under_way() const { return 0; }
    virtual void drain() {}
    /// False: of one connection, which nobody waits for.
    virtual bool drains() const { return true; }
    /// All that the connections were given has arrived; asked when none is left.
    virtual bool is_delivered() const = 0;
    virtual void abort_all() {}
  };

  shutdown(boost::asio::io_context& io, log::logger& log, os::sd_notifier& told, subject& what);

  /// The first one counts.
  void end(int code);
  int code() const { return code_.value_or(0); }

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
