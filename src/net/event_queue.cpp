#include "net/event_queue.hpp"

namespace gof::net {

void event_queue::push(node_event event) {
  if (events_.size() == most) events_.pop_front();
  events_.push_back(std::move(event));
  match();
}

void event_queue::cancel() {
  waiter_.complete(boost::asio::error::operation_aborted, {});
}

void event_queue::match() {
  if (!waiter_ || events_.empty()) return;
  auto first = std::move(events_.front());
  events_.pop_front();
  waiter_.complete({}, std::move(first));
}

}  // namespace gof::net
