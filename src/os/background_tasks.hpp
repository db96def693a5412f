#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace gof::os {

/// Work that may wait for a disk, a lock or a pipe, done beside the loop: on a thread of its own, which ends
/// with it. Used on the loop's thread.
class background_tasks {
 public:
  using handler = std::function<void()>;

  /// `patience`: how long the end of this waits for work under way.
  background_tasks(const boost::asio::any_io_executor& on, std::chrono::milliseconds patience);
  ~background_tasks();
  background_tasks(const background_tasks&) = delete;
  background_tasks& operator=(const background_tasks&) = delete;

  /// Runs `work`, and on the executor what it returns, unless this is gone by then. False: there is no thread
  /// for it, and nothing was done.
  bool run(std::function<handler()> work);

 private:
  struct shared;

  std::shared_ptr<shared> shared_;
  std::chrono::milliseconds patience_;
};

}  // namespace gof::os
