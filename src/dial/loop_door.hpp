#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace gof::dial {

/// Lets other threads post to a loop that may be gone by then.
class loop_door {
 public:
  /// The door of the loop that the executor runs on.
  static std::shared_ptr<loop_door> of(const boost::asio::any_io_executor& on) {
    auto& loop = boost::asio::query(on, boost::asio::execution::context);
    return boost::asio::use_service<service>(loop).door;
  }

  /// Posts the function, or drops it if the loop is gone. Thread safe.
  template <class Function>
  void post(const boost::asio::any_io_executor& on, Function&& function) {
    const std::lock_guard lock(guard_);
    if (open_) boost::asio::post(on, std::forward<Function>(function));
  }

 private:
  struct service final : boost::asio::execution_context::service {
    inline static boost::asio::execution_context::id id;
    explicit service(boost::asio::execution_context& loop) : boost::asio::execution_context::service(loop) {}
    void shutdown() override {
      const std::lock_guard lock(door->guard_);
      door->open_ = false;
    }
    std::shared_ptr<loop_door> door = std::make_shared<loop_door>();
  };

  std::mutex guard_;
  bool open_ = true;
};

}  // namespace gof::dial
