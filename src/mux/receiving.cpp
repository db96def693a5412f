#include "mux/receiving.hpp"

#include <utility>

namespace gof::core {

receiving::receiving(instant now, credit_budget& budget) : budget_(budget), measured_at_(now) {
  budget_.take(window_);
}

receiving::~receiving() {
  budget_.give_back(window_);
}

bool receiving::handle_data(bytes&& message, std::size_t head) {
  const auto size = message.size() - head;
  if (finished_ || received_ + size > limit_) return false;
  received_ += size;
  held_ += size;
  used_up_ = used_up_ || received_ == limit_ || received_ == last_limit_;
  if (size < small_piece && !pieces_.empty() && pieces_.back().data.size() + size <= joined_piece)
    append(pieces_.back().data, const_bytes(message).subspan(head));
  else
    pieces_.push_back({std::move(message), head});
  return true;
}

bool receiving::handle_finish() {
  if (finished_) return false;
  finished_ = true;
  return true;
}

void receiving::discard() {
  pieces_.clear();
  held_ = 0;
  finished_ = true;
}

const_bytes receiving::front() const {
  if (pieces_.empty()) return {};
  return const_bytes(pieces_.front().data).subspan(pieces_.front().read);
}

void receiving::consume(instant now, std::size_t size, duration round_trip) {
  size = std::min(size, held_);
  held_ -= size;
  consumed_ += size;
  while (size > 0) {
    auto& first = pieces_.front();
    const auto part = std::min(size, first.data.size() - first.read);
    first.read += part;
    size -= part;
    if (first.read == first.data.size()) pieces_.pop_front();
  }
  if (finished_) return;
  grow(now, round_trip);
  if (consumed_ + window_ >= limit_ + window_ / 2) {
    last_limit_ = std::exchange(limit_, consumed_ + window_);
    credit_due_ = true;
  }
}

std::size_t receiving::growth(bool at_once) const {
  if (at_once && window_ < far_window_at_first && budget_.has_room(credit_budget::limit / 2))
    return far_window_at_first - window_;
  return window_;
}

/// A probe's round trip says nothing of the queue that bulk waits in. A message that ends where a grant did
/// was cut there: all that was granted came before the next grant got to the sender. If the reader does not
/// lag either, the window is too small for the path, however slow. A queue can always take more: so no
/// further than dry_window.
void receiving::grow(instant now, duration round_trip) {
  if (consumed_ - measured_from_ < window_) return;
  const bool quick =
      now - measured_at_ <= std::max<duration>(quick_round_trips * round_trip, shortest_measure);
  const bool ran_dry = std::exchange(used_up_, false) && held_ < window_ / 2;
  const auto most = round_trip < far ? near_window : quick ? far_window : dry_window;
  const auto more = growth(quick && round_trip >= far);
  if ((quick || ran_dry) && window_ + more <= most && budget_.has_room(more)) {
    budget_.take(more);
    window_ += more;
  }
  measured_from_ = consumed_;
  measured_at_ = now;
}

}  // namespace gof::core
