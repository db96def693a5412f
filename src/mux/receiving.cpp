#include "mux/receiving.hpp"

#include <utility>

namespace gof::core {

receiving::receiving(instant now, credit_share& share, std::size_t window)
    : share_(share), window_(window), limit_(window), measured_at_(now) {
  count();
}

receiving::~receiving() {
  share_.change(counted_, 0);
}

/// What may arrive before the sender gives credit back, and what is to be granted next.
void receiving::count() {
  const auto most = finished_ ? held_ : std::max(window_, static_cast<std::size_t>(limit_ - consumed_));
  share_.change(std::exchange(counted_, most), most);
}

bool receiving::handle_data(instant now, buffer&& message, std::size_t head) {
  const auto size = message.size() - head;
  if (finished_ || received_ + size > limit_) return false;
  if (std::exchange(rested_, false)) {
    measured_from_ = consumed_;
    measured_at_ = now;
  }
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
  count();
  return true;
}

bool receiving::handle_return(std::uint64_t seen, std::uint64_t keeps) {
  if (finished_ || keeps > seen || keeps < received_ || seen > limit_) return false;
  if (seen < limit_) return true;
  limit_ = keeps;
  window_ = first_window;
  last_limit_ = 0;
  used_up_ = false;
  rested_ = true;
  count();
  return true;
}

void receiving::discard() {
  pieces_.clear();
  held_ = 0;
  finished_ = true;
  count();
}

const_bytes receiving::front() const {
  if (pieces_.empty()) return {};
  return const_bytes(pieces_.front().data).subspan(pieces_.front().read);
}

std::size_t receiving::front(std::span<const_bytes> into) const {
  const auto count = std::min(into.size(), pieces_.size());
  for (std::size_t i = 0; i < count; ++i) into[i] = const_bytes(pieces_[i].data).subspan(pieces_[i].read);
  return count;
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
  if (finished_) return count();
  grow(now, round_trip);
  if (consumed_ + window_ >= limit_ + window_ / 2) {
    last_limit_ = std::exchange(limit_, consumed_ + window_);
    credit_due_ = true;
  }
  count();
}

std::size_t receiving::growth(bool at_once) const {
  const auto jump = far_window_at_first - std::min(window_, far_window_at_first);
  return at_once && jump > window_ && share_.has_room(jump, far_window_at_first) ? jump : window_;
}

/// A probe's round trip does not show how long bulk data queues. But a message that ends exactly where the
/// credit did was cut there: the sender used it all before the next grant reached it. If the reader keeps up
/// too, the window is too small for the path, however slow that is. As a queue always takes more, the window
/// grows no further than dry_window.
void receiving::grow(instant now, duration round_trip) {
  if (rested_ || consumed_ - measured_from_ < window_) return;
  const bool quick =
      now - measured_at_ <= std::max<duration>(quick_round_trips * round_trip, shortest_measure);
  const bool ran_dry = std::exchange(used_up_, false) && held_ < window_ / 2;
  if (round_trip >= far) quick_ = now - measured_at_ <= soon_round_trips * round_trip;
  const auto most = round_trip < far ? near_window : quick ? far_window : dry_window;
  const auto more = growth(quick && round_trip >= far);
  if (window_ > first_window && share_.is_crowded_by(window_))
    window_ = std::max(window_ / 2, first_window);
  else if ((quick || ran_dry) && window_ + more <= most && share_.has_room(more, window_ + more))
    window_ += more;
  measured_from_ = consumed_;
  measured_at_ = now;
}

}  // namespace gof::core
