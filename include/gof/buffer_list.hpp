#pragma once

#include <boost/asio/buffer.hpp>

#include <array>
#include <cstddef>

namespace gof::detail {

/// The first buffers of a sequence that are not empty, as a list that needs no memory of its own: a read or a
/// write of some bytes does not need the rest.
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
  /// Without room for a byte, or a byte.
  bool empty() const { return size_ == 0; }

 private:
  std::array<Buffer, most> buffers_{};
  std::size_t size_ = 0;
};

using mutable_buffers = buffer_list<boost::asio::mutable_buffer>;
using const_buffers = buffer_list<boost::asio::const_buffer>;

}  // namespace gof::detail
