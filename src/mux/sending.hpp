#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace gof::core {

/// The sending direction of a stream: bytes that wait, how far the other side's credit reaches, and the end.
class sending {
 public:
  static constexpr std::size_t buffer_limit =
      256 * 1024;  ///< four messages: the next is ready when one has gone

  explicit sending(std::uint64_t limit) : limit_(limit) {}

  std::size_t write(const_bytes data);
  void finish() { finish_wanted_ = true; }
  /// RST: what was not sent will not be.
  void discard();

  /// An absolute offset; the credit never falls.
  void handle_credit(std::uint64_t limit) { limit_ = std::max(limit_, limit); }

  /// The next piece that may be sent, at most `largest`; empty: none now.
  const_bytes next(std::size_t largest) const;
  void handle_sent(std::size_t size);
  bool finish_due() const { return finish_wanted_ && !finished_ && size() == 0; }
  void handle_finish_sent() { finished_ = true; }

  std::size_t size() const { return buffer_.size() - sent_; }
  bool finish_wanted() const { return finish_wanted_; }
  bool finished() const { return finished_; }
  /// Whether somebody whose write() fell short is to be told; asks once.
  bool poll_room();

 private:
  bytes buffer_;
  std::size_t sent_ = 0;      ///< at the front of the buffer, not yet cut off
  std::uint64_t offset_ = 0;  ///< bytes ever sent
  std::uint64_t limit_;
  bool finish_wanted_ = false;
  bool finished_ = false;
  bool short_write_ = false;
};

}  // namespace gof::core
