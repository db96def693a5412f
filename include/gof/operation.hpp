#pragma once

#include <gof/completion_queue.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/append.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace gof::detail {

/// A type-erased completion handler: one allocation, one virtual call.
/// (Boost 1.81's any_completion_handler recurses for ever when move-assigned.)
template <class... Args>
class operation {
 public:
  /// Passes the operation to its queue, which frees it and calls its handler with these results. A handler of
  /// another executor than the loop's is posted to that at once.
  virtual void complete(Args... args) = 0;
  /// Frees the operation without calling its handler.
  virtual void destroy() noexcept = 0;

  boost::asio::cancellation_slot slot;  ///< the handler's; empty if it has none

 protected:
  ~operation() = default;
};

/// Owns an operation until it completes.
template <class... Args>
class operation_ptr {
 public:
  operation_ptr() = default;
  explicit operation_ptr(operation<Args...>* op) : op_(op) {}
  operation_ptr(operation_ptr&& other) noexcept : op_(std::exchange(other.op_, nullptr)) {}
  operation_ptr& operator=(operation_ptr&& other) noexcept {
    if (const auto old = std::exchange(op_, std::exchange(other.op_, nullptr))) old->destroy();
    return *this;
  }
  ~operation_ptr() {
    if (op_) op_->destroy();
  }

  explicit operator bool() const { return op_ != nullptr; }
  boost::asio::cancellation_slot& slot() { return op_->slot; }
  void complete(Args... args) { std::exchange(op_, nullptr)->complete(std::move(args)...); }

 private:
  operation<Args...>* op_ = nullptr;
};

template <class Handler, class... Args>
class bound_operation final : public operation<Args...>, private completion_queue::entry {
 public:
  /// Allocates with the handler's associated allocator.
  static operation_ptr<Args...> make(Handler&& handler, completion_queue& queue) {
    allocator from(boost::asio::get_associated_allocator(handler, fallback()));
    auto* const place = traits::allocate(from, 1);
    try {
      return operation_ptr<Args...>(new (place) bound_operation(std::move(handler), queue));
    } catch (...) {
      traits::deallocate(from, place, 1);
      throw;
    }
  }

  void complete(Args... args) override {
    results_.emplace(std::move(args)...);
    if (is_of_loop(work_.get_executor()))
      queue_.push(*this);
    else
      run(completion_queue::how::posted);
  }

  void destroy() noexcept override {
    destroy_with(boost::asio::get_associated_allocator(handler_, fallback()));
  }

 private:
  using fallback = boost::asio::recycling_allocator<void>;
  using executor = boost::asio::associated_executor_t<Handler, loop_executor>;
  using allocator = typename std::allocator_traits<
      boost::asio::associated_allocator_t<Handler, fallback>>::template rebind_alloc<bound_operation>;
  using traits = std::allocator_traits<allocator>;

  bound_operation(Handler&& handler, completion_queue& queue)
      : queue_(queue),
        io_work_(queue.io()),
        work_(boost::asio::get_associated_executor(handler, queue.io())),
        handler_(std::move(handler)) {
    this->slot = boost::asio::get_associated_cancellation_slot(handler_);
  }

  bool is_of_loop(const executor& its) const {
    if constexpr (std::is_same_v<executor, loop_executor>) {
      return its == queue_.io();
    } else if constexpr (requires { its.template target<loop_executor>(); }) {
      const auto* held = its.template target<loop_executor>();
      return held != nullptr && *held == queue_.io();
    } else {
      return false;
    }
  }

  void run(completion_queue::how in) override {
    const auto io_work = std::move(io_work_);
    const auto work = std::move(work_);
    auto handler = std::move(handler_);
    auto results = std::move(*results_);
    // Before the handler is called: it may run on another thread, and may rely on all memory having been
    // returned to its allocator.
    destroy_with(boost::asio::get_associated_allocator(handler, fallback()));
    auto call = std::apply(
        [&](auto&&... args) { return boost::asio::append(std::move(handler), std::move(args)...); },
        std::move(results));
    if (in == completion_queue::how::dispatched)
      boost::asio::dispatch(work.get_executor(), std::move(call));
    else
      boost::asio::post(work.get_executor(), std::move(call));
  }

  void destroy_with(allocator from) noexcept {
    this->~bound_operation();
    traits::deallocate(from, this, 1);
  }

  completion_queue& queue_;
  std::optional<std::tuple<Args...>> results_;
  // As Asio requires, neither executor runs out of work while the operation is pending.
  boost::asio::executor_work_guard<loop_executor> io_work_;
  boost::asio::executor_work_guard<executor> work_;
  Handler handler_;
};

template <class... Args, class Handler>
operation_ptr<Args...> make_operation(Handler&& handler, completion_queue& queue) {
  return bound_operation<std::decay_t<Handler>, Args...>::make(std::forward<Handler>(handler), queue);
}

/// Starts an operation once its completion token has become a handler. Exposes the executor of the
/// operation's object, for completion tokens that query it.
template <class Object, class Start>
class initiation {
 public:
  using executor_type = typename Object::executor_type;

  initiation(const Object& on, Start start) : on_(&on), start_(std::move(start)) {}

  executor_type get_executor() const noexcept { return on_->get_executor(); }

  template <class... Args>
  void operator()(Args&&... args) const {
    start_(std::forward<Args>(args)...);
  }

 private:
  const Object* on_;
  Start start_;
};

}  // namespace gof::detail
