#include "mux/sending.hpp"

namespace gof::core {

/// Rounded up to whole messages, so that there is room for the next before the last one is sent.
std::size_t sending::most() const {
  const auto credit = std::min<std::uint64_t>(limit_ - offset_, buffer_limit);
  return std::clamp((credit + largest_ - 1) / largest_ * largest_, largest_, buffer_limit);
}

/// While data waits for credit, the only room is the unused end of its piece.
std::size_t sending::room() const {
  const bool stalled = size_ > 0 && limit_ - offset_ <= size_;
  if (!stalled) return most() - std::min(most(), size_);
  return pieces_.size() > 1 ? 0 : head_room_ + largest_ - pieces_.front().data.size();
}

std::size_t sending::write(const_bytes data) {
  if (finish_wanted_)
    data = data.first(std::min<std::uint64_t>(data.size(), end_ - std::min(end_, written())));
  const auto taken = std::min(data.size(), room());
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
    if (last.capacity() < last.size() + part)
      last.reserve(std::min(full, std::max(2 * last.capacity(), last.size() + part)));
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
  if (size <= room()) return true;
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
  if (first.sent == first.data.size()) return pieces_.pop_front();
  if (limit_ == offset_ && first.sent >= first.data.size() / 8) keep_rest(first);
}

/// Data may wait for credit for long, so the memory of bytes that were sent is freed.
void sending::keep_rest(piece& of) const {
  bytes rest;
  rest.reserve(head_room_ + of.data.size() - of.sent);
  rest.resize(head_room_);
  append(rest, const_bytes(of.data).subspan(of.sent));
  of = {std::move(rest), head_room_};
}

bool sending::poll_room() {
  if (!short_write_ || room() < std::max(largest_, most() / 2)) return false;
  short_write_ = false;
  return true;
}

}  // namespace gof::core
