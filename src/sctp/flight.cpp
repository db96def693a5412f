#include "sctp/flight.hpp"

#include <algorithm>

namespace gof::sctp {

/// True: it was not sent before.
bool flight::handle_sent_data(std::uint32_t tsn, std::size_t size) {
  if (!started_) {
    started_ = true;
    first_tsn_ = tsn;
  }
  // usrsctp numbers chunks when it first sends them, so any number but the next one is a repeat.
  if (tsn != first_tsn_ + static_cast<std::uint32_t>(sizes_.size())) return false;
  sizes_.push_back(static_cast<std::uint32_t>(size));
  return true;
}

flight::content flight::handle_sent(const_bytes packet) {
  content found;
  chunk_walk walk(packet);
  while (const auto sent = walk.next()) {
    if (sent->type == chunk_type::sack) sack_owed_ = false;
    if (sent->type != chunk_type::data || sent->value.size() < data_chunk_overhead - chunk_header_size)
      continue;
    found.has_data = true;
    const auto tsn = load32(sent->value, 0);
    if (handle_sent_data(tsn, sent->value.size() - (data_chunk_overhead - chunk_header_size)))
      found.last_tsn = tsn;
  }
  return found;
}

void flight::handle_cumulative(std::uint32_t tsn) {
  if (!started_) return;
  // Serial arithmetic: an old SACK gives a huge number, and one for chunks that were never sent exceeds the
  // list; both are ignored.
  const std::uint32_t covered = tsn - first_tsn_ + 1;
  if (covered > sizes_.size()) return;
  for (std::uint32_t i = 0; i < covered; ++i) {
    unacknowledged_ -= std::min<std::size_t>(unacknowledged_, sizes_.front());
    sizes_.pop_front();
  }
  first_tsn_ += covered;
  arrived_ += covered;
}

void flight::handle_received(const_bytes packet) {
  chunk_walk walk(packet);
  while (const auto got = walk.next()) {
    if (got->type == chunk_type::data) sack_owed_ = true;
    if (got->type == chunk_type::sack && got->value.size() >= 4) handle_cumulative(load32(got->value, 0));
  }
}

}  // namespace gof::sctp
