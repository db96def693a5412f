#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <utility>

namespace gof::detail {

/// A completion handler whose type is forgotten: one allocation, one virtual call.
/// (Boost 1.81's any_completion_handler recurses for ever when move-assigned.)
template <class... Args>
class operation {
 public:
  virtual ~operation() = default;
  /// Posts the handler to its executor with these results, and destroys the operation.
  virtual void complete(Args... args) = 0;

  boost::asio::cancellation_slot slot;  ///< the handler's; empty if it has none
};

template <class... Args>
using operation_ptr = std::unique_ptr<operation<Args...>>;

template <class Handler, class... Args>
class bound_operation final : public operation<Args...> {
 public:
  bound_operation(Handler&& handler, const boost::asio::any_io_executor& io)
      : work_(boost::asio::make_work_guard(boost::asio::get_associated_executor(handler, io))),
        handler_(std::move(handler)) {
    this->slot = boost::asio::get_associated_cancellation_slot(handler_);
  }

  void complete(Args... args) override {
    auto work = std::move(work_);
    boost::asio::post(work.get_executor(), boost::asio::append(std::move(handler_), std::move(args)...));
  }

 private:
  boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>>
      work_;
  Handler handler_;
};

template <class... Args, class Handler>
operation_ptr<Args...> make_operation(Handler&& handler, const boost::asio::any_io_executor& io) {
  return std::make_unique<bound_operation<std::decay_t<Handler>, Args...>>(std::forward<Handler>(handler),
                                                                           io);
}

}  // namespace gof::detail
