#pragma once

#include <cstddef>
#include <variant>

// What tests of protocols do with cores: poll one, and pass what it sends to another.

namespace gof::test {

/// Repeats the moves in turn until none of them moves anything. Each returns how much it moved, or whether.
template <class... Moves>
void until_silent(Moves... moves) {
  std::size_t moved = 0;
  do {
    moved = 0;
    ((moved += static_cast<std::size_t>(moves())), ...);
  } while (moved > 0);
}

/// The first event of its kind; null: there is none.
template <class Event, class Events>
const Event* first_of(const Events& events) {
  for (const auto& e : events)
    if (const auto* found = std::get_if<Event>(&e)) return found;
  return nullptr;
}

template <class Event, class Events>
std::size_t count_of(const Events& events) {
  std::size_t count = 0;
  for (const auto& e : events) count += std::holds_alternative<Event>(e);
  return count;
}

}  // namespace gof::test
