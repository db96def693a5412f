#include "mux/sending.hpp"

namespace gof::core {

std::size_t sending::write(const_bytes data) {
  if (finish_wanted_)
    data = data.first(std::min<std::uint64_t>(data.size(), end_ - std::min(end_, written())));
  const auto taken = std::min(data.size(), buffer_limit - std::min(buffer_limit, size_));
  if (taken < data.size()) short_write_ = true;
  for (auto left = data.first(taken); !left.empty();) {
    const auto full = head_room_ + largest_;
    if (pieces_.empty() || pieces_.back().data.size() >= full) {
      pieces_.push_back({{}, head_room_});
      pieces_.back().data.reserve(std::min(full, head_room_ + left.size()));
      pieces_.back().data.resize(head_room_);
    }
    auto& last = pieces_.back().data;
    const auto part = std::min(left.size(), full - last.size());
    append(last, left.first(part));
    left = left.subspan(part);
  }
  size_ += taken;
  return taken;
}

void sending::discard() {
  pieces_.clear();
  size_ = 0;
  end_at(offset_);
}

void sending::end_at(std::uint64_t offset) {
  end_ = offset;
  finish_wanted_ = finished_ = true;
}

bool sending::await_room(std::size_t size) {
  if (size_ + size <= buffer_limit) return true;
  short_write_ = true;
  return false;
}

mutable_bytes sending::next() {
  auto& first = pieces_.front();
  const auto part = std::min<std::uint64_t>(first.data.size() - first.sent, limit_ - offset_);
  return mutable_bytes(first.data)
      .subspan(first.sent - head_room_, head_room_ + static_cast<std::size_t>(part));
}

void sending::handle_sent(std::size_t size) {
  auto& first = pieces_.front();
  first.sent += size;
  size_ -= size;
  offset_ += size;
  if (first.sent == first.data.size()) pieces_.pop_front();
}

bool sending::poll_room() {
  if (!short_write_ || size_ > buffer_limit / 2) return false;
  short_write_ = false;
  return true;
}

}  // namespace gof::core
