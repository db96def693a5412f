#include "link/credit.hpp"

namespace gof::core {

bool inflow_credit::take(std::size_t size) {
  if (received_ + size > limit_) return false;
  received_ += size;
  return true;
}

void inflow_credit::release(std::size_t size) {
  released_ += size;
  least_held_ = std::min(least_held_, held());
}

std::optional<std::uint64_t> inflow_credit::poll_grant(std::uint64_t most) {
  if (released_ >= period_end_) {
    if (least_held_ > window_ / 2)
      window_ = std::max(least_window, window_ * 3 / 4);
    else if (window_ > most)
      window_ = std::max(most, least_window);
    else if (least_held_ == 0 && blocked_)
      window_ = std::min(2 * window_, most);
    period_end_ = released_ + window_;
    blocked_ = false;
    least_held_ = held();
  }
  if (released_ + window_ < limit_ + window_ / 8) return std::nullopt;
  limit_ = released_ + window_;
  return limit_;
}

}  // namespace gof::core
