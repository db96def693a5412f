#pragma once

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstddef>

namespace gof::detail {

/// The first non-empty buffers of a sequence, up to `most`, without a memory allocation. A read or write of
/// some bytes can leave the rest to the next one.
template <class Buffer>
class buffer_list {
 public:
  static constexpr std::size_t most = 8;
  using value_type = Buffer;
  using const_iterator = const Buffer*;

  buffer_list() = default;
  template <class Sequence>
  explicit buffer_list(const Sequence& from) {
    const auto end = boost::asio::buffer_sequence_end(from);
    for (auto at = boost::asio::buffer_sequence_begin(from); at != end && size_ < most; ++at)
      add(Buffer(*at));
  }

  const Buffer* begin() const { return buffers_.data(); }
  const Buffer* end() const { return buffers_.data() + size_; }
  Buffer* begin() { return buffers_.data(); }
  Buffer* end() { return buffers_.data() + size_; }
  /// Adds a buffer that is not empty, unless there are `most` of them.
  void add(const Buffer& one) {
    if (one.size() > 0 && size_ < most) buffers_[size_++] = one;
  }
  /// There is no room for a byte to read, or no byte to write.
  bool empty() const { return size_ == 0; }

 private:
  std::array<Buffer, most> buffers_{};
  std::size_t size_ = 0;
};

using mutable_buffers = buffer_list<boost::asio::mutable_buffer>;
using const_buffers = buffer_list<boost::asio::const_buffer>;

}  // namespace gof::detail
