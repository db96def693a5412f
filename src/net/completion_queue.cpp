#include <gof/completion_queue.hpp>

#include <utility>

namespace gof::detail {

completion_queue::completion_queue(const loop_executor& io, std::function<void()> wake)
    : io_(io), wake_(std::move(wake)) {}

completion_queue::~completion_queue() {
  close();
}

void completion_queue::push(entry& done) {
  if (!wake_) return done.run(how::posted);
  (last_ ? last_->next : first_) = &done;
  last_ = &done;
  if (++size_ == 1) wake_();
}

completion_queue::entry& completion_queue::pop() {
  entry& next = *first_;
  first_ = next.next;
  if (first_ == nullptr) last_ = nullptr;
  --size_;
  return next;
}

void completion_queue::run() {
  // A handler may stop the io_context; no further one is to run then.
  for (auto left = size_; left > 0 && size_ > 0 && !io_.context().stopped(); --left)
    pop().run(how::dispatched);
}

void completion_queue::close() {
  wake_ = nullptr;
  while (size_ > 0) pop().run(how::posted);
}

}  // namespace gof::detail
