#pragma once

#include "forward/buffer_pool.hpp"

#include <boost/asio/buffer.hpp>

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace gof::forward {

/// What was read from a stream and is not written to the local side yet, with its buffers: a small one while
/// the connection is idle, large ones while it makes progress.
class incoming_bytes {
 public:
  explicit incoming_bytes(std::shared_ptr<buffer_pool> pool) : pool_(std::move(pool)) {}

  /// Where the next bytes are read to. Only while nothing is left.
  std::vector<boost::asio::mutable_buffer> room();
  void handle_read(std::size_t size);
  /// What is left to be written.
  std::vector<boost::asio::const_buffer> rest();
  void handle_written(std::size_t size) { written_ += size; }
  std::size_t left() const { return size_ - written_; }

  bool has_large() const { return !large_.empty(); }
  /// Nothing is left: adds a buffer if the last read filled all, and gives back those that it did not need.
  void resize();
  /// Copies what is left, and gives the large buffers back: they are only for connections that make progress.
  void keep_rest();
  /// Gives the large buffers back. What is left is lost.
  void give_back() { large_.clear(); }

 private:
  /// Read buffer of an idle connection; when filled, a large one follows, then several.
  static constexpr std::size_t small_size = 2048;
  /// So many messages wake the local program once: 16 % more throughput through a relay than with one.
  static constexpr std::size_t most_large = 4;

  template <class Buffer>
  std::vector<Buffer> part(std::size_t skip, std::size_t size);

  std::shared_ptr<buffer_pool> pool_;
  std::vector<buffer_pool::lease> large_;  ///< at most most_large; empty: small_ is used
  std::array<std::uint8_t, small_size> small_;
  std::vector<std::uint8_t> kept_;  ///< unwritten bytes, in place of large_ while the local side stalls
  std::size_t size_ = 0;
  std::size_t written_ = 0;
};

}  // namespace gof::forward
