#include "mux/sending.hpp"

#include <algorithm>

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
  return pieces_.size() > 1 ? 0 : full() - std::min(full(), pieces_.front().data.size());
}

/// After an end that is announced, bytes are written up to that.
std::size_t sending::may_write(std::size_t size) const {
  return finish_wanted_ ? std::min<std::uint64_t>(size, end_ - std::min(end_, written())) : size;
}

buffer& sending::add_piece(std::size_t size) {
  pieces_.push_back({buffer(), first});
  auto& made = pieces_.back().data;
  made.reserve(std::min(full(), first + size));
  made.grow(first);
  return made;
}

std::size_t sending::write(const_bytes data) {
  data = data.first(may_write(data.size()));
  const auto taken = std::min(data.size(), room());
  if (taken < data.size()) short_write_ = true;
  for (auto left = data.first(taken); !left.empty();) {
    const bool needs_piece = pieces_.empty() || pieces_.back().data.size() >= full();
    auto& last = needs_piece ? add_piece(left.size()) : pieces_.back().data;
    const auto part = std::min(left.size(), full() - last.size());
    if (last.capacity() < last.size() + part)
      last.reserve(std::min(full(), std::max(2 * last.capacity(), last.size() + part)));
    append(last, left.first(part));
    left = left.subspan(part);
  }
  size_ += taken;
  return taken;
}

mutable_bytes sending::prepare(std::size_t size) {
  size = std::min(may_write(size), room());
  if (size == 0) return {};
  const auto unused = [this] {
    if (pieces_.empty()) return std::size_t{0};
    const auto& last = pieces_.back().data;
    return std::min(full(), last.capacity()) - std::min(full(), last.size());
  };
  if (unused() < std::min(size, smallest_room)) add_piece(size);
  auto& last = pieces_.back().data;
  return {last.end(), std::min(size, unused())};
}

void sending::commit(std::size_t size) {
  if (pieces_.empty()) return;
  auto& last = pieces_.back().data;
  last.grow(size);
  size_ += size;
  if (size == 0 && last.size() == first) pieces_.pop_back();
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

mutable_bytes sending::next(std::size_t most) {
  auto& next = pieces_.front();
  const auto part =
      std::min({std::uint64_t{next.data.size() - next.sent}, limit_ - offset_, std::uint64_t{most}});
  return mutable_bytes(next.data).subspan(next.sent - head_room_,
                                          head_room_ + static_cast<std::size_t>(part));
}

void sending::handle_sent(std::size_t size) {
  auto& next = pieces_.front();
  next.sent += size;
  size_ -= size;
  offset_ += size;
  if (next.sent == next.data.size()) return pieces_.pop_front();
  if (limit_ == offset_ && next.sent >= next.data.size() / 8) keep_rest(next);
}

/// Data may wait for credit for long, so the memory of bytes that were sent is freed.
void sending::keep_rest(piece& of) const {
  buffer rest;
  rest.reserve(first + of.data.size() - of.sent);
  rest.grow(first);
  append(rest, const_bytes(of.data).subspan(of.sent));
  of = {std::move(rest), first};
}

bool sending::poll_room() {
  if (!short_write_ || room() < std::max(largest_, most() / 2)) return false;
  short_write_ = false;
  return true;
}

}  // namespace gof::core
