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

  buffer_list() = default;
  template <class Sequence>
  explicit buffer_list(const Sequence& from) {
    const auto end = boost::asio::buffer_sequence_end(from);
    for (auto at = boost::asio::buffer_sequence_begin(from); at != end && size_ < most; ++at)
      if (const Buffer one(*at); one.size() > 0) buffers_[size_++] = one;
  }

  Buffer* begin() { return buffers_.data(); }
  Buffer* end() { return buffers_.data() + size_; }
  /// There is no room for a byte to read, or no byte to write.
  bool empty() const { return size_ == 0; }

 private:
  std::array<Buffer, most> buffers_{};
  std::size_t size_ = 0;
};

using mutable_buffers = buffer_list<boost::asio::mutable_buffer>;
using const_buffers = buffer_list<boost::asio::const_buffer>;

}  // namespace gof::detail
