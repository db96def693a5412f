#pragma once

#include "base/bytes.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace gof {

/// Bytes that are not zeroed before they are written, unlike those of a vector. For what is filled at once:
/// zeroing would be one more pass over each byte.
class buffer {
 public:
  using value_type = std::uint8_t;
  using iterator = std::uint8_t*;
  using const_iterator = const std::uint8_t*;

  buffer() = default;
  explicit buffer(const_bytes from) { append(from); }
  buffer(buffer&& other) noexcept { swap(other); }
  buffer& operator=(buffer&& other) noexcept {
    buffer(std::move(other)).swap(*this);
    return *this;
  }

  std::uint8_t* data() { return data_.get(); }
  const std::uint8_t* data() const { return data_.get(); }
  std::uint8_t* begin() { return data(); }
  std::uint8_t* end() { return data() + size_; }
  const std::uint8_t* begin() const { return data(); }
  const std::uint8_t* end() const { return data() + size_; }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  std::uint8_t& operator[](std::size_t at) { return data_[at]; }
  const std::uint8_t& operator[](std::size_t at) const { return data_[at]; }
  bool operator==(const_bytes other) const { return std::ranges::equal(*this, other); }

  void reserve(std::size_t capacity) {
    if (capacity > capacity_) move_to(capacity);
  }
  /// Adds `size` bytes of any value at the end, and returns their place, which is valid until the next
  /// addition.
  mutable_bytes grow(std::size_t size) {
    if (capacity_ - size_ < size) move_to(std::max(size_ + size, 2 * capacity_));
    return {data_.get() + std::exchange(size_, size_ + size), size};
  }
  void append(const_bytes more) {
    if (!more.empty()) std::memcpy(grow(more.size()).data(), more.data(), more.size());
  }
  /// Keeps the first `size` bytes, and the memory of all.
  void cut(std::size_t size) { size_ = std::min(size_, size); }

 private:
  std::unique_ptr<std::uint8_t[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;

  void swap(buffer& other) noexcept {
    data_.swap(other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }
  void move_to(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
    if (size_ > 0) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    capacity_ = capacity;
  }
};

inline void append(buffer& to, const_bytes data) {
  to.append(data);
}

}  // namespace gof
