#pragma once

#include "net/pending.hpp"

#include <gof/acceptor.hpp>

#include <deque>
#include <memory>

namespace gof::detail {

/// What was asked of one acceptor and not taken yet.
class acceptor_queue {
 public:
  static constexpr std::size_t most = 1024;

  bool full() const { return waiting_.size() == most; }
  void push(incoming asked);
  /// It went away by itself.
  void forget(const stream_state& gone);
  template <class Function>
  void take(operation_ptr<boost::system::error_code, incoming> done, Function on_cancel) {
    if (waiter_) return done.complete(boost::asio::error::in_progress, {});
    waiter_.set(std::move(done), std::move(on_cancel));
    match();
  }
  /// The pending operation completes with operation_aborted.
  void cancel();
  /// The acceptor went: what waits is refused.
  void close();

 private:
  void match();

  std::deque<incoming> waiting_;
  net::pending<boost::system::error_code, incoming> waiter_;
};

}  // namespace gof::detail
