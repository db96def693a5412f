#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace gof::os {

/// Returns to the system what memory the allocator kept after a busy time, once the process has little to do:
/// after ten thousand connections have ended their memory must not stay until the node ends. Never under
/// load, when it would be needed again at once.
class memory_trimmer {
 public:
  explicit memory_trimmer(boost::asio::io_context& io);

 private:
  void wait();
  void look();

  boost::asio::steady_timer timer_;
  std::chrono::microseconds used_{};        ///< processor time at the last look
  std::chrono::microseconds given_back_{};  ///< the same when memory was last given back
};

}  // namespace gof::os
