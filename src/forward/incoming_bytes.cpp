#include "forward/incoming_bytes.hpp"

#include <algorithm>
#include <cstdint>

namespace gof::forward {

/// The buffers without their first `skip` bytes, at most `size` bytes in total.
template <class Buffer>
std::vector<Buffer> incoming_bytes::part(std::size_t skip, std::size_t size) {
  if (!kept_.empty()) return {boost::asio::buffer(boost::asio::buffer(kept_) + skip, size)};
  if (large_.empty()) return {boost::asio::buffer(boost::asio::buffer(small_) + skip, size)};
  std::vector<Buffer> found;
  for (const auto& one : large_) {
    const auto its =
        boost::asio::buffer(boost::asio::buffer(one.data(), buffer_pool::buffer_size) + skip, size);
    if (its.size() > 0) found.emplace_back(its);
    skip -= std::min(skip, buffer_pool::buffer_size);
    size -= its.size();
  }
  return found;
}

std::vector<boost::asio::mutable_buffer> incoming_bytes::room() {
  return part<boost::asio::mutable_buffer>(0, SIZE_MAX);
}

void incoming_bytes::handle_read(std::size_t size) {
  size_ = size;
  written_ = 0;
}

std::vector<boost::asio::const_buffer> incoming_bytes::rest() {
  return part<boost::asio::const_buffer>(written_, left());
}

void incoming_bytes::resize() {
  kept_ = {};
  const auto held = large_.empty() ? small_size : large_.size() * buffer_pool::buffer_size;
  if (size_ == held && large_.size() < most_large) return large_.push_back(buffer_pool::take(pool_));
  const auto used = size_ < small_size ? 0 : (size_ - 1) / buffer_pool::buffer_size + 1;
  if (used < large_.size()) large_.resize(used);
}

void incoming_bytes::keep_rest() {
  std::vector<std::uint8_t> copy(left());
  boost::asio::buffer_copy(boost::asio::buffer(copy), rest());
  kept_ = std::move(copy);
  large_.clear();
  handle_read(kept_.size());
}

}  // namespace gof::forward
