#pragma once

#include "forward/buffer_pool.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

namespace gof::forward {

/// What was read from the local side and is not written to the stream yet. Its buffer is held only meanwhile.
class outgoing_bytes {
 public:
  explicit outgoing_bytes(std::shared_ptr<buffer_pool> pool) : pool_(std::move(pool)) {}

  /// Where the next bytes are read to, at most so many. What was there before is gone.
  boost::asio::mutable_buffer room(std::uint64_t most) {
    if (!buffer_) buffer_ = buffer_pool::take(pool_);
    size_ = sent_ = 0;
    return boost::asio::buffer(buffer_.source(), std::min<std::uint64_t>(most, buffer_pool::buffer_size));
  }
  void handle_read(std::size_t size) {
    size_ = size;
    pulled_ += size;
  }
  /// What is left to be written.
  boost::asio::const_buffer rest() const {
    return boost::asio::buffer(buffer_.source() + sent_, size_ - sent_);
  }
  void handle_sent(std::size_t size) { sent_ += size; }
  bool is_sent() const { return sent_ == size_; }
  /// The last read filled the buffer, so there is certainly more to read.
  bool was_full() const { return size_ == buffer_pool::buffer_size; }
  void give_back() { buffer_.give_back(); }

  /// Total bytes read from the local side.
  std::uint64_t pulled() const { return pulled_; }

 private:
  std::shared_ptr<buffer_pool> pool_;
  buffer_pool::lease buffer_;
  std::size_t size_ = 0;
  std::size_t sent_ = 0;
  std::uint64_t pulled_ = 0;
};

}  // namespace gof::forward
