#include "mux/sending.hpp"

namespace gof::core {

std::size_t sending::write(const_bytes data) {
  if (finish_wanted_) return 0;
  const auto taken = std::min(data.size(), buffer_limit - std::min(buffer_limit, size()));
  if (taken < data.size()) short_write_ = true;
  if (taken == 0) return 0;
  if (sent_ == buffer_.size()) {
    buffer_.clear();
    sent_ = 0;
  } else if (sent_ >= buffer_limit) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(sent_));
    sent_ = 0;
  }
  append(buffer_, data.first(taken));
  return taken;
}

void sending::discard() {
  buffer_ = {};
  sent_ = 0;
  finish_wanted_ = finished_ = true;
}

const_bytes sending::next(std::size_t largest) const {
  const auto credit = limit_ > offset_ ? limit_ - offset_ : 0;
  const auto size_now = std::min<std::uint64_t>({size(), credit, largest});
  return const_bytes(buffer_).subspan(sent_, static_cast<std::size_t>(size_now));
}

void sending::handle_sent(std::size_t size_sent) {
  sent_ += size_sent;
  offset_ += size_sent;
  if (sent_ == buffer_.size()) {
    buffer_ = {};  // an idle stream holds nothing
    sent_ = 0;
  }
}

bool sending::poll_room() {
  if (!short_write_ || size() > buffer_limit / 2) return false;
  short_write_ = false;
  return true;
}

}  // namespace gof::core
