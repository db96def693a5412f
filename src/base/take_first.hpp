#pragma once

#include "base/fifo.hpp"

#include <deque>
#include <optional>
#include <set>
#include <utility>

namespace gof {

/// Removes and returns the first element; empty if there is none.
template <class T>
std::optional<T> take_first(std::deque<T>& from) {
  if (from.empty()) return std::nullopt;
  std::optional<T> first(std::move(from.front()));
  from.pop_front();
  return first;
}
template <class T>
std::optional<T> take_first(fifo<T>& from) {
  if (from.empty()) return std::nullopt;
  std::optional<T> first(std::move(from.front()));
  from.pop_front();
  return first;
}
template <class T>
std::optional<T> take_first(std::set<T>& from) {
  if (from.empty()) return std::nullopt;
  return std::move(from.extract(from.begin()).value());
}

}  // namespace gof
