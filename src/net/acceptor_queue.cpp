#include "net/acceptor_queue.hpp"

namespace gof::detail {

void acceptor_queue::push(incoming asked) {
  waiting_.push_back(std::move(asked));
  match();
}

void acceptor_queue::forget(const stream_state& gone) {
  std::erase_if(waiting_, [&](const incoming& asked) { return asked.state_.get() == &gone; });
}

void acceptor_queue::cancel() {
  waiter_.complete(boost::asio::error::operation_aborted, {});
}

void acceptor_queue::close() {
  cancel();
  for (auto& asked : waiting_) asked.refuse(errc::unknown_service);
  waiting_.clear();
}

void acceptor_queue::match() {
  if (!waiter_ || waiting_.empty()) return;
  auto first = std::move(waiting_.front());
  waiting_.pop_front();
  waiter_.complete({}, std::move(first));
}

}  // namespace gof::detail
