#pragma once

#include "demo/checksum.hpp"
#include "demo/noise.hpp"

#include <gof/node.hpp>
#include <gof/stream.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace gof::demo {

/// Sends random bytes over one stream to an echo and back, and hashes them in both directions.
class transfer {
 public:
  using clock = std::chrono::steady_clock;

  /// Sent only after release(): so this much is always left until then.
  static constexpr std::uint64_t held_back_bytes = 256 * 1024;
  static constexpr std::uint64_t least_bytes = 4 * held_back_bytes;

  /// `ended` is called once, with what broke the stream; no error: everything has come back, and the end.
  transfer(node& from, std::uint64_t size, std::uint64_t seed,
           std::function<void(boost::system::error_code)> ended);

  void start(const endpoint& to);
  void release();

  std::uint64_t size() const { return size_; }
  std::uint64_t received() const { return received_; }
  clock::time_point last_arrival() const { return last_arrival_; }
  /// The longest time without a byte since release().
  clock::duration stall() const { return stall_; }

  /// Only at the end.
  std::string hash_of_sent() { return sent_hash_.text(); }
  std::string hash_of_received() { return received_hash_.text(); }

 private:
  void write();
  void finish_writing();
  void read();
  void handle_arrival(std::size_t size);
  void end(boost::system::error_code error);
  std::uint64_t may_send() const;

  std::uint64_t size_;
  std::function<void(boost::system::error_code)> ended_;
  stream stream_;
  noise bytes_;
  checksum sent_hash_, received_hash_;
  std::vector<unsigned char> out_, in_;
  std::uint64_t sent_ = 0, received_ = 0;
  bool writing_ = false, released_ = false;
  clock::time_point last_arrival_{};
  clock::duration stall_{};
};

}  // namespace gof::demo
