#include "mux/credit_budget.hpp"

#include <algorithm>

namespace gof::core {
namespace {

std::size_t first_of(std::size_t window) {
  return std::min(window, credit_budget::first_window);
}

}  // namespace

credit_share::credit_share(credit_budget& of, const credit_key& key)
    : budget_(of), key_(key), part_(of.shares_[key]) {
  ++part_.users;
}

credit_share::~credit_share() {
  if (--part_.users == 0) budget_.shares_.erase(key_);
}

bool credit_share::admits_stream() const {
  constexpr auto more = credit_budget::first_window;
  return free() >= more && part_.first + more <= first_windows_weight * (free() - more);
}

bool credit_share::has_room(std::size_t more, std::size_t window) const {
  return free() >= more && growth_weight * (part_.grown + more) + 2 * window <= free() - more;
}

void credit_share::change(std::size_t before, std::size_t after) {
  budget_.granted_ += after - before;
  part_.first += first_of(after) - first_of(before);
  part_.grown += (after - first_of(after)) - (before - first_of(before));
}

}  // namespace gof::core
