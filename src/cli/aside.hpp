#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace gof::cli {

/// Work that may wait for a disk, a lock or a pipe, done beside the loop: on a thread of its own, which ends
/// with it. Used on the loop's thread.
class aside {
 public:
  using handler = std::function<void()>;

  /// `patience`: how long the end of this waits for work under way.
  aside(const boost::asio::any_io_executor& on, std::chrono::milliseconds patience);
  ~aside();
  aside(const aside&) = delete;
  aside& operator=(const aside&) = delete;

  /// Runs `work`, and on the executor what it returns, unless this is gone by then. False: there is no thread
  /// for it, and nothing was done.
  bool run(std::function<handler()> work);

 private:
  struct shared;

  std::shared_ptr<shared> shared_;
  std::chrono::milliseconds patience_;
};

}  // namespace gof::cli
