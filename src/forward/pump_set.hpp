#pragma once

#include "forward/pump.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <unordered_map>

namespace gof::forward {

/// The connections that stand. As many as the node carries streams; it has the cap (16,384).
class pump_set final : private pump::owner {
 public:
  using over_handler = std::function<void(const pump::end&)>;

  explicit pump_set(const boost::asio::any_io_executor& on);
  ~pump_set() override;
  pump_set(const pump_set&) = delete;
  pump_set& operator=(const pump_set&) = delete;

  /// Takes both in, not yet started. `label` is for abort(); `over` is called once, unless the set goes
  /// first.
  pump& add(local_socket socket, gof::stream stream, std::string label, std::shared_ptr<tally> counts,
            over_handler over);

  std::size_t size() const { return pumps_.size(); }
  /// Resets those with this label; how many.
  std::size_t abort(const std::string& label);
  void abort_all();
  /// Each label once.
  std::vector<std::string> labels() const;

 private:
  struct member {
    std::shared_ptr<pump> held;
    std::string label;
    over_handler over;
  };

  void handle_over(pump& who, const pump::end& how) override;
  void stir() override;
  void tick();
  std::vector<std::shared_ptr<pump>> all(const std::string* label) const;

  std::shared_ptr<buffer_pool> pool_ = std::make_shared<buffer_pool>();
  std::unordered_map<const pump*, member> pumps_;
  boost::asio::steady_timer timer_;
  bool ticking_ = false;
};

}  // namespace gof::forward
