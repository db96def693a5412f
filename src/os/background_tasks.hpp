#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace gof::os {

/// Runs work that may wait for a disk, a lock or a pipe beside the loop, each task on a thread of its own.
/// For use on the loop's thread only.
class background_tasks {
 public:
  using handler = std::function<void()>;

  /// `patience`: how long the destructor waits for tasks that are running.
  background_tasks(const boost::asio::any_io_executor& on, std::chrono::milliseconds patience);
  ~background_tasks();
  background_tasks(const background_tasks&) = delete;
  background_tasks& operator=(const background_tasks&) = delete;

  /// Runs `work`, and then its result on the executor, unless this object is gone by then. False: no thread
  /// could be started, and nothing was done.
  bool run(std::function<handler()> work);

 private:
  struct shared;

  std::shared_ptr<shared> shared_;
  std::chrono::milliseconds patience_;
};

}  // namespace gof::os
