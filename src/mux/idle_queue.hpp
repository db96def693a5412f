#pragma once

#include "base/time.hpp"
#include "wire/stream.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>

namespace gof::core {

/// Streams that have more credit than a new one, in two queues: those with bytes under way, and those that
/// have been idle since all their bytes arrived, the longest idle first. The cost of each step does not
/// depend on their number.
class idle_queue {
 public:
  struct entry {
    wire::stream_number stream;
    std::uint64_t last;            ///< counted over all streams, where its latest byte ended
    std::optional<instant> since;  ///< when it became idle; empty: it is not
  };
  using place = std::list<entry>::iterator;

  /// So many more bytes were sent, of any stream.
  void handle_sent(std::size_t size) { handed_out_ += size; }
  /// Adds a stream; all it has sent so far counts as under way.
  place enter(wire::stream_number stream) {
    return under_way_.insert(under_way_.end(), {stream, handed_out_, {}});
  }
  /// The stream has sent again.
  void renew(place at) {
    under_way_.splice(under_way_.end(), line_of(at), at);
    at->last = handed_out_;
    at->since.reset();
  }
  void leave(place at) { line_of(at).erase(at); }
  /// All bytes that were sent have arrived, except for this many.
  void handle_arrived(instant now, std::size_t unacknowledged) {
    const auto arrived = handed_out_ - std::min<std::uint64_t>(unacknowledged, handed_out_);
    for (; !under_way_.empty() && under_way_.front().last <= arrived;) {
      under_way_.front().since = now;
      idle_.splice(idle_.end(), under_way_, under_way_.begin());
    }
  }
  /// The stream that has been idle longest; null: none.
  const entry* front() const { return idle_.empty() ? nullptr : &idle_.front(); }

 private:
  std::uint64_t handed_out_ = 0;  ///< bytes since the beginning
  std::list<entry> under_way_;    ///< each stream is in one of the two
  std::list<entry> idle_;

  std::list<entry>& line_of(place at) { return at->since ? idle_ : under_way_; }
};

}  // namespace gof::core
