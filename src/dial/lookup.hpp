#pragma once

#include "dial/lookup_pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>

namespace gof::dial {

/// One request to look a name up, on a loop, with its own limit. Keeps itself alive until it has answered.
class lookup : public std::enable_shared_from_this<lookup> {
 public:
  /// Called once on the loop; never from within start(), and never after cancel(). Besides the resolver's
  /// errors: timed_out (no answer within the limit) and try_again (too many other look-ups are in progress).
  using handler = std::function<void(const lookup_answer&)>;

  static std::shared_ptr<lookup> start(const boost::asio::any_io_executor& on, const std::string& host,
                                       std::chrono::milliseconds limit, handler done,
                                       lookup_pool& by = lookup_pool::system());

  lookup(const boost::asio::any_io_executor& on, handler done, lookup_pool& by);
  /// Gives up. The look-up itself continues, whether or not anything else waits for it.
  void cancel();

 private:
  void begin(const std::string& host, std::chrono::milliseconds limit);
  void wait(std::chrono::milliseconds time);
  void handle_limit();
  void answer(const lookup_answer& found);

  boost::asio::any_io_executor on_;
  boost::asio::steady_timer timer_;
  handler done_;
  lookup_pool& pool_;
  std::optional<lookup_pool::number> asked_;
};

/// The text for people about a failed look-up.
std::string lookup_words(boost::system::error_code error);

}  // namespace gof::dial
