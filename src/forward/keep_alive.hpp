#pragma once

#include "forward/local_socket.hpp"

#include <chrono>
#include <optional>

namespace gof::forward {

/// When to give up a local connection whose other machine has vanished: nothing was received from it for
/// `time`, and then `count` probes, one every `interval`, were not answered.
struct keep_alive {
  // The limits of TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT.
  static constexpr std::chrono::seconds longest{32'767};
  static constexpr unsigned most{127};

  std::chrono::seconds time{60};  ///< 0: never
  std::chrono::seconds interval{10};
  unsigned count = 6;

  bool is_on() const { return time != time.zero(); }
  std::chrono::seconds limit() const { return time + interval * count; }

  /// Turns on the system's probes for an idle connection. Does nothing to a unix socket.
  void apply(local_socket& to) const;

  bool operator==(const keep_alive&) const = default;
};

/// Whether the other machine still acknowledges what a TCP connection sends. While data are unacknowledged
/// the system sends no keep-alive probes, and repeats the data for a quarter of an hour. An idle connection
/// or a paused reader does not count as lost: a closed window is probed, and any answer counts.
class silence {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class outgoing {
    taken,  ///< everything is acknowledged
    out,    ///< something is not, or waits for a closed window
    lost,   ///< the same, and for `limit` there was no answer of any kind
  };

  /// Call it repeatedly while something is out; a loss shows in the first call after the limit.
  outgoing look(int socket, time_point now, std::chrono::milliseconds limit);

 private:
  std::optional<time_point> asked_;  ///< when the oldest data without any later answer was sent
};

/// Whether the error means that the other machine has vanished.
bool is_vanished(boost::system::error_code error);

}  // namespace gof::forward
