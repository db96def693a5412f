#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace gof {

/// A queue for many owners whose queues are mostly empty or short. An empty std::deque has 576 bytes
/// allocated.
template <class T>
class fifo {
 public:
  bool empty() const { return first_ == all_.size(); }
  std::size_t size() const { return all_.size() - first_; }
  const T& operator[](std::size_t at) const { return all_[first_ + at]; }
  T& front() { return all_[first_]; }
  const T& front() const { return all_[first_]; }
  T& back() { return all_.back(); }
  const T& back() const { return all_.back(); }

  void push_back(T one) { all_.push_back(std::move(one)); }
  template <class... Arguments>
  void emplace_back(Arguments&&... of) {
    all_.emplace_back(std::forward<Arguments>(of)...);
  }
  void pop_front() {
    all_[first_++] = T();  // which frees what it held
    if (empty()) return clear();
    // Seldom enough that each element is moved once on average.
    if (first_ < few || 2 * first_ < all_.size()) return;
    all_.erase(all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
  void pop_back() {
    all_.pop_back();
    if (empty()) clear();
  }
  void clear() {
    first_ = 0;
    if (all_.capacity() > few)
      all_ = std::vector<T>();
    else
      all_.clear();
  }

 private:
  static constexpr std::size_t few = 8;  ///< an empty queue keeps the room for so many

  std::vector<T> all_;
  std::size_t first_ = 0;  ///< those before it are gone
};

}  // namespace gof
