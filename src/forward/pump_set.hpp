#pragma once

#include "forward/pump.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

namespace gof::forward {

/// The open connections. They have no cap here: the node limits its streams (16,384).
class pump_set final : private pump::owner {
 public:
  using over_handler = std::function<void(const pump::end&)>;

  /// `alive` applies to the local sockets.
  explicit pump_set(const boost::asio::any_io_executor& on, const keep_alive& alive = {});
  ~pump_set() override;
  pump_set(const pump_set&) = delete;
  pump_set& operator=(const pump_set&) = delete;

  /// Adds a pump, not yet started. `label` is for abort(). `over` is called once, unless the set is destroyed
  /// first. For `left` see pump.
  pump& add(local_socket socket, gof::stream stream, std::string label,
            std::shared_ptr<connection_stats> counts, over_handler over, pump::beyond left = {});

  std::size_t size() const { return pumps_.size(); }
  /// Bytes in flight on all connections.
  std::uint64_t under_way() const;
  /// Resets the connections with this label, and returns their number.
  std::size_t abort(const std::string& label);
  void abort_all();
  /// The labels of all connections, each once.
  std::vector<std::string> labels() const;

 private:
  using clock = std::chrono::steady_clock;
  /// When each tick() is due: only for pumps that asked, and once for each.
  using agenda = std::multimap<clock::time_point, pump*>;

  struct member {
    std::shared_ptr<pump> held;
    std::string label;
    over_handler over;
    std::optional<agenda::iterator> due{};
  };

  void handle_over(pump& who, const pump::end& how) override;
  void schedule(pump& who, pump::duration in) override;
  socket_watch& watch() override { return *watch_; }
  void wait();
  void tick();
  std::vector<std::shared_ptr<pump>> all(const std::string* label) const;

  std::shared_ptr<socket_watch> watch_;
  std::unordered_map<const pump*, member> pumps_;
  agenda due_;
  boost::asio::steady_timer timer_;
  clock::time_point waits_until_ = clock::time_point::max();
};

}  // namespace gof::forward
