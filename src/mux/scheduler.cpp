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
  while (true) {
    auto& from = next_turns();
    if (from.empty()) return choose(source::none, nullptr);
    auto& s = from.front();
    if (!s.sendable()) {
      from.pop_front();
      continue;
    }
    is_fresh_ = &from == &fresh_;
    if (s.deficit <= 0) s.deficit += turn_;
    return choose(source::stream, &s);
  }
}

/// New streams without end must not keep the others from their turns.
scheduler::turns& scheduler::next_turns() {
  const bool fresh_first = !fresh_.empty() && (fresh_turns_ < most_fresh_turns || ready_.empty());
  return fresh_first ? fresh_ : ready_;
}

scheduler::choice scheduler::handle_sent() {
  assert(polled_.from != source::none);
  if (polled_.from == source::credit) credit_.pop_front();
  if (polled_.from == source::refusal) refusals_.pop_front();
  return std::exchange(polled_, {});
}

bool scheduler::charge(mux_stream& s, std::size_t data) {
  s.deficit -= static_cast<std::ptrdiff_t>(data) + overhead;
  const bool more = s.sendable();
  if (more && s.deficit > 0) return true;
  fresh_turns_ = is_fresh_ ? fresh_turns_ + 1 : 0;
  s.ready_place.unlink();
  if (!more) s.deficit = 0;
  // One that has sent all it had in its first turn is not fresh again before all others had a turn.
  if (more || (is_fresh_ && !ready_.empty())) ready_.push_back(s);
  return more;
}

}  // namespace gof::core
