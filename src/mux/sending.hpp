#pragma once

#include "base/bytes.hpp"
#include "mux/credit_budget.hpp"

#include <cstdint>
#include <deque>

namespace gof::core {

/// The sending direction of a stream: bytes that wait, how far the other side's credit reaches, and the end.
class sending {
 public:
  /// What waits while there is credit for it: four messages, so that the next is ready when one has gone.
  /// What has to wait for credit is one message at most.
  static constexpr std::size_t buffer_limit = 256 * 1024;

  /// A message takes `head_room` bytes and at most `largest` of what was written.
  sending(std::uint64_t limit, std::size_t head_room, std::size_t largest)
      : head_room_(head_room), largest_(largest), limit_(limit) {}

  std::size_t write(const_bytes data);
  void finish() { finish_wanted_ = true; }
  /// RST: what was not sent will not be.
  void discard();
  /// RST behind this offset, which is not below written(): what is missing may still be written, and no FIN
  /// follows.
  void end_at(std::uint64_t offset);

  /// An absolute offset; a smaller one than before is ignored.
  void handle_credit(std::uint64_t limit) { limit_ = std::max(limit_, limit); }
  /// There is more credit than a new stream has, and nothing to use it for.
  bool may_give_back() const { return size_ == 0 && !finish_wanted_ && limit_ > kept_limit(); }
  std::uint64_t limit() const { return limit_; }
  std::uint64_t kept_limit() const { return offset_ + credit_budget::first_window; }
  void give_back() { limit_ = kept_limit(); }

  bool has_next() const { return size_ > 0 && limit_ > offset_; }
  /// The next message, while has_next(): room for its head, to be written over, and the bytes.
  mutable_bytes next();
  /// So many of its bytes, without the head, are sent.
  void handle_sent(std::size_t size);
  bool finish_due() const { return finish_wanted_ && !finished_ && size_ == 0; }
  void handle_finish_sent() { finished_ = true; }

  std::size_t size() const { return size_; }
  std::uint64_t sent() const { return offset_; }
  std::uint64_t written() const { return offset_ + size_; }
  /// Whether write() would take so much at once; if not, poll_room() tells when it may.
  bool await_room(std::size_t size);
  bool finish_wanted() const { return finish_wanted_; }
  bool finished() const { return finished_; }
  /// Whether somebody whose write() fell short is to be told; asks once.
  bool poll_room();

 private:
  /// About a message each, so that it is copied no more on its way to the association: before what waits
  /// there is always room for a head, first by itself, then what was sent.
  struct piece {
    bytes data;
    std::size_t sent;
  };

  std::size_t room() const;
  std::size_t most() const;

  void keep_rest(piece& of) const;

  std::size_t head_room_;
  std::size_t largest_;
  std::deque<piece> pieces_;  ///< an idle stream holds nothing
  std::size_t size_ = 0;
  std::uint64_t offset_ = 0;  ///< bytes ever sent
  std::uint64_t limit_;
  std::uint64_t end_ = 0;  ///< may be written up to here although the end is wanted
  bool finish_wanted_ = false;
  bool finished_ = false;
  bool short_write_ = false;
};

}  // namespace gof::core
