#include "sctp/replay_ring.hpp"

#include <utility>

namespace gof::sctp {

void replay_ring::keep(packet&& written) {
  size_ += written.data.size();
  if (!written.opens) {
    kept_.push_back(std::move(written));
    return;
  }
  if (opening_) size_ -= opening_->data.size();
  opening_ = std::move(written);
}

std::optional<packet> replay_ring::poll_arrived(const flight& under_way) {
  if (kept_.empty() || !under_way.is_covered(*kept_.front().last_tsn)) return std::nullopt;
  std::optional<packet> arrived(std::move(kept_.front()));
  kept_.pop_front();
  size_ -= arrived->data.size();
  return arrived;
}

std::optional<packet> replay_ring::poll_answered() {
  if (opening_) size_ -= opening_->data.size();
  return std::exchange(opening_, std::nullopt);
}

std::deque<packet> replay_ring::take() {
  if (auto first = poll_answered()) kept_.push_front(std::move(*first));
  size_ = 0;
  return std::exchange(kept_, {});
}

}  // namespace gof::sctp
