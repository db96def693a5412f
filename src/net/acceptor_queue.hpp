#pragma once

#include "net/pending.hpp"

#include <gof/acceptor.hpp>

#include <deque>
#include <memory>

namespace gof::detail {

/// Requests for one acceptor that it has not taken yet.
class acceptor_queue {
 public:
  static constexpr std::size_t most = 1024;

  bool full() const { return waiting_.size() == most; }
  void push(incoming asked);
  /// The request ended by itself.
  void forget(const stream_state& gone);
  template <class Function>
  void take(operation_ptr<boost::system::error_code, incoming> done, Function on_cancel) {
    if (waiter_) return done.complete(boost::asio::error::in_progress, {});
    waiter_.set(std::move(done), std::move(on_cancel));
    match();
  }
  /// A pending accept completes with operation_aborted.
  void cancel();
  /// The acceptor was closed: the waiting requests are refused.
  void close();

 private:
  void match();

  std::deque<incoming> waiting_;
  net::pending<boost::system::error_code, incoming> waiter_;
};

}  // namespace gof::detail
