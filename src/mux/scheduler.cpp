#include "mux/scheduler.hpp"

#include <cassert>
#include <utility>

namespace gof::core {

bool scheduler::add(const refusal& r) {
  if (refusals_.size() >= most_refusals) return false;
  refusals_.push_back(r);
  return true;
}

scheduler::choice scheduler::next() {
  for (; !credit_.empty(); credit_.pop_front()) {
    auto& s = credit_.front();
    if (!s.abandoned && !s.in.finished()) return choose(source::credit, &s);
  }
  if (!refusals_.empty()) return choose(source::refusal, nullptr);
  for (; !ready_.empty(); ready_.pop_front()) {
    auto& s = ready_.front();
    if (!s.sendable()) continue;
    if (s.deficit <= 0) s.deficit += quantum;
    return choose(source::stream, &s);
  }
  return choose(source::none, nullptr);
}

scheduler::choice scheduler::handle_sent() {
  assert(polled_.from != source::none);
  if (polled_.from == source::credit) credit_.pop_front();
  if (polled_.from == source::refusal) refusals_.pop_front();
  return std::exchange(polled_, {});
}

bool scheduler::charge(mux_stream& s, std::size_t data) {
  s.deficit -= static_cast<std::ptrdiff_t>(data) + overhead;
  if (!s.sendable()) {
    s.deficit = 0;
    s.ready_place.unlink();
    return false;
  }
  if (s.deficit <= 0) ready_.splice(ready_.end(), ready_, ready_.iterator_to(s));
  return true;
}

}  // namespace gof::core
