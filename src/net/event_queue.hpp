#pragma once

#include "net/pending.hpp"

#include <gof/node.hpp>

#include <deque>

namespace gof::net {

/// What a node tells its program: waits here until asked for, the oldest is dropped first.
class event_queue {
 public:
  static constexpr std::size_t most = 1024;

  void push(node_event event);
  /// Gives the oldest, or keeps the operation for the next.
  template <class Function>
  void take(detail::operation_ptr<boost::system::error_code, node_event> done, Function on_cancel) {
    if (waiter_) return done.complete(boost::asio::error::in_progress, {});
    waiter_.set(std::move(done), std::move(on_cancel));
    match();
  }
  /// The pending operation completes with operation_aborted.
  void cancel();

 private:
  void match();

  std::deque<node_event> events_;
  pending<boost::system::error_code, node_event> waiter_;
};

}  // namespace gof::net
