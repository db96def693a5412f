#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace gof::os {

/// Gives the system back what the allocator kept from a busy hour, once the process has little to do: ten
/// thousand connections that ended must not cost their memory until the node ends. Never under load, where it
/// would be asked for again at once.
class memory_trimmer {
 public:
  explicit memory_trimmer(boost::asio::io_context& io);

 private:
  void wait();
  void look();

  boost::asio::steady_timer timer_;
  std::chrono::microseconds used_{};  ///< of the processor, at the last look
};

}  // namespace gof::os
