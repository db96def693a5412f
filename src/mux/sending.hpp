#pragma once

#include "base/buffer.hpp"
#include "base/fifo.hpp"
#include "mux/credit_budget.hpp"

#include <cstdint>

namespace gof::core {

/// The sending direction of a stream: bytes that wait, the limit of the other side's credit, and the end.
class sending {
 public:
  /// How many bytes may wait while there is credit for them: four messages, so that the next is ready when
  /// one is sent. Without credit at most one message waits.
  static constexpr std::size_t buffer_limit = 256 * 1024;

  /// A message has `head_room` bytes for its head, and at most `largest` bytes of data.
  sending(std::uint64_t limit, std::size_t head_room, std::size_t largest)
      : head_room_(head_room), largest_(largest), limit_(limit) {}

  std::size_t write(const_bytes data);
  /// At most `size` bytes of room to write to in place, less if the last message has fewer left; empty: there
  /// is none. Always followed by commit(), with how many were written.
  mutable_bytes prepare(std::size_t size);
  void commit(std::size_t size);
  void finish() { finish_wanted_ = true; }
  /// RST: drops what was not sent yet.
  void discard();
  /// RST at this offset, which is not below written(). Up to there bytes may still be written; no FIN
  /// follows.
  void end_at(std::uint64_t offset);

  /// `limit` is an absolute offset; a smaller one than before is ignored.
  void handle_credit(std::uint64_t limit) { limit_ = std::max(limit_, limit); }
  /// Whether there is more credit than a new stream has, and nothing to use it for.
  bool may_give_back() const { return size_ == 0 && !finish_wanted_ && limit_ > kept_limit(); }
  std::uint64_t limit() const { return limit_; }
  std::uint64_t kept_limit() const { return offset_ + credit_budget::first_window; }
  void give_back() { limit_ = kept_limit(); }

  bool has_next() const { return size_ > 0 && limit_ > offset_; }
  /// The next message, while has_next(): room for its head, to be filled in, and at most so much data.
  mutable_bytes next(std::size_t most);
  /// This many bytes of it were sent, not counting the head.
  void handle_sent(std::size_t size);
  bool finish_due() const { return finish_wanted_ && !finished_ && size_ == 0; }
  void handle_finish_sent() { finished_ = true; }

  std::size_t size() const { return size_; }
  std::uint64_t sent() const { return offset_; }
  std::uint64_t written() const { return offset_ + size_; }
  /// Whether write() would take this much at once. If not, poll_room() says when it may.
  bool await_room(std::size_t size);
  bool finish_wanted() const { return finish_wanted_; }
  bool finished() const { return finished_; }
  /// Whether there is room again after a write() that fell short; true once.
  bool poll_room();

 private:
  /// About one message, so that it is not copied again on its way to the association. Before the data there
  /// is always room for a head: reserved at first, then the bytes that were sent.
  struct piece {
    buffer data;
    std::size_t sent;
  };
  /// Where the data of a piece begins. Large blocks of memory begin on a page, and what is copied to a piece
  /// often does. A copy is many times slower if its destination is 1 to 15 bytes further into its page than
  /// its source (64 KB at 3 in place of 50 GB/s on AMD's Zen 3 and later), or if each load seems to depend on
  /// the store before it.
  static constexpr std::size_t first = 64;
  static_assert(first % 64 == 0 && first >= 16);
  /// Less free memory in the last piece is left unused for a piece of its own.
  static constexpr std::size_t smallest_room = 1024;

  std::size_t room() const;
  std::size_t most() const;
  std::size_t full() const { return first + largest_; }  ///< size of a piece with a whole message
  std::size_t may_write(std::size_t size) const;
  buffer& add_piece(std::size_t size);
  void keep_rest(piece& of) const;

  std::size_t head_room_;
  std::size_t largest_;
  fifo<piece> pieces_;  ///< empty while the stream is idle
  std::size_t size_ = 0;
  std::uint64_t offset_ = 0;  ///< bytes sent since the beginning
  std::uint64_t limit_;
  std::uint64_t end_ = 0;  ///< bytes may be written up to here, although the end is decided
  bool finish_wanted_ = false;
  bool finished_ = false;
  bool short_write_ = false;
};

}  // namespace gof::core
