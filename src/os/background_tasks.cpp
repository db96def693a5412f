#include "os/background_tasks.hpp"

#include <boost/asio/post.hpp>

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace gof::os {

/// The threads share ownership, and may outlive everything else.
struct background_tasks::shared {
  explicit shared(const boost::asio::any_io_executor& executor) : on(executor) {}

  std::mutex mutex;
  std::condition_variable changed;
  boost::asio::any_io_executor on;  ///< not used once `gone` is set
  int under_way = 0;
  bool gone = false;
};

background_tasks::background_tasks(const boost::asio::any_io_executor& on, std::chrono::milliseconds patience)
    : shared_(std::make_shared<shared>(on)), patience_(patience) {}

background_tasks::~background_tasks() {
  std::unique_lock lock(shared_->mutex);
  if (shared_->under_way > 0)
    shared_->changed.wait_for(lock, patience_, [this] { return shared_->under_way == 0; });
  shared_->gone = true;
  shared_->on = {};
}

bool background_tasks::run(std::function<handler()> work) {
  const std::lock_guard lock(shared_->mutex);
  try {
    std::thread([with = shared_, does = std::move(work)] {
      auto then = does();
      const std::lock_guard held(with->mutex);
      if (!with->gone)
        boost::asio::post(with->on, [with, handle = std::move(then)] {
          if (!with->gone) handle();
        });
      --with->under_way;
      with->changed.notify_one();
    }).detach();
  } catch (const std::system_error&) {
    return false;
  }
  ++shared_->under_way;
  return true;
}

}  // namespace gof::os
