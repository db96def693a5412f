#pragma once

#include "link/output_limit.hpp"

#include <cstddef>

namespace gof::net {

/// Limits what the system's buffer of a TCP socket holds and has not sent. Flows have no fair turns there,
/// and what is urgent waits behind it.
class unsent_limit {
 public:
  explicit unsent_limit(int socket) : socket_(socket) { set(core::output_limit::most); }

  void handle_limit(std::size_t bytes);
  bool is_low() const { return bytes_ < core::output_limit::most; }
  /// Whether the socket has enough to send. TCP itself takes as much as fits in a segment of 64 KiB, however
  /// low the limit is; and it reports being writable exactly while this is false.
  bool is_full() const;

 private:
  /// With less than two segments left when it is writable, BBR takes the sender for one with little to send,
  /// and learns no lower rate.
  static constexpr std::size_t least = 6 * 1024;

  int socket_;
  std::size_t bytes_ = 0;

  void set(std::size_t bytes);
};

}  // namespace gof::net
