#pragma once

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>

namespace gof::detail {

using loop_executor = boost::asio::io_context::executor_type;

/// Operations that are complete, and whose handlers were not called yet. The loop calls them in its turns, in
/// the order of completion: a handler never runs within the function that started or completed its operation,
/// and one that an event of the node completes needs no pass of its own through the io_context. All on the
/// thread that runs the io_context.
class completion_queue {
 public:
  /// How a handler is passed to its executor.
  enum class how { dispatched, posted };

  class entry {
   public:
    /// Frees the operation, and passes its handler to its executor.
    virtual void run(how in) = 0;

    entry* next = nullptr;  ///< the queue's

   protected:
    ~entry() = default;
  };

  /// `wake` is called when the queue is no longer empty.
  completion_queue(const loop_executor& io, std::function<void()> wake);
  ~completion_queue();
  completion_queue(const completion_queue&) = delete;
  completion_queue& operator=(const completion_queue&) = delete;

  const loop_executor& io() const { return io_; }

  void push(entry& done);
  /// Calls the handlers of those that are in the queue now; those that complete meanwhile wait for the next
  /// call.
  void run();
  bool empty() const { return first_ == nullptr; }
  /// There are no more turns: handlers are posted, now and later.
  void close();

 private:
  loop_executor io_;
  std::function<void()> wake_;  ///< empty: closed
  entry* first_ = nullptr;
  entry* last_ = nullptr;
  std::size_t size_ = 0;

  entry& pop();
};

}  // namespace gof::detail
