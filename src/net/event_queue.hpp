#pragma once

#include "net/pending.hpp"

#include <gof/node.hpp>

#include <deque>

namespace gof::net {

/// Events that the program has not taken yet; beyond `most` the oldest is dropped.
class event_queue {
 public:
  static constexpr std::size_t most = 1024;

  void push(node_event event);
  /// Completes with the oldest event, or keeps the operation until there is one.
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
