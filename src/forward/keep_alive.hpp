#pragma once

#include "forward/local_socket.hpp"

#include <chrono>
#include <optional>

namespace gof::forward {

/// When a local connection whose other machine has vanished without a word is given up: nothing was heard of
/// it for `time`, and `count` questions, one every `interval`, had no answer.
struct keep_alive {
  // What TCP_KEEPIDLE, TCP_KEEPINTVL and TCP_KEEPCNT take.
  static constexpr std::chrono::seconds longest{32'767};
  static constexpr unsigned most{127};

  std::chrono::seconds time{60};  ///< 0: never
  std::chrono::seconds interval{10};
  unsigned count = 6;

  bool is_on() const { return time != time.zero(); }
  std::chrono::seconds limit() const { return time + interval * count; }

  /// The system asks from now on while the connection is idle. Nothing happens to a unix socket.
  void apply(local_socket& to) const;

  bool operator==(const keep_alive&) const = default;
};

/// Whether the other machine still acknowledges what one TCP connection sends. The system asks nothing while
/// data are out, and repeats them for a quarter of an hour. Neither counts how long a connection was idle nor
/// ends one whose reader pauses: a closed window is asked for by the system, and its answers count.
class silence {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class outgoing {
    taken,  ///< nothing is out
    out,    ///< something is, or waits for a window that is closed
    lost,   ///< and for `limit` there was no answer of any kind
  };

  /// To be asked again while something is out; lost is seen by the first look that is late enough.
  outgoing look(int socket, time_point now, std::chrono::milliseconds limit);

 private:
  std::optional<time_point> asked_;  ///< the first thing sent that had no answer, nor had any after it
};

/// An error that means that the other machine has vanished.
bool is_vanished(boost::system::error_code error);

}  // namespace gof::forward
