#pragma once

#include "base/time.hpp"
#include "wire/stream.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>

namespace gof::core {

/// Streams that have more credit than a new one, in two lines: those whose last bytes are under way, and
/// those that are idle since these arrived, the longest idle first. Each step costs the same however many
/// there are.
class idle_queue {
 public:
  struct entry {
    wire::stream_number stream;
    std::uint64_t last;            ///< of all bytes handed out, where its own end
    std::optional<instant> since;  ///< idle
  };
  using place = std::list<entry>::iterator;

  /// So many bytes more were handed out, of whatever stream.
  void handle_sent(std::size_t size) { handed_out_ += size; }
  /// What it has sent so far is under way.
  place enter(wire::stream_number stream) {
    return under_way_.insert(under_way_.end(), {stream, handed_out_, {}});
  }
  /// It has sent again.
  void renew(place at) {
    under_way_.splice(under_way_.end(), line_of(at), at);
    at->last = handed_out_;
    at->since.reset();
  }
  void leave(place at) { line_of(at).erase(at); }
  /// All but so many of the bytes that were handed out have arrived.
  void handle_arrived(instant now, std::size_t unacknowledged) {
    const auto arrived = handed_out_ - std::min<std::uint64_t>(unacknowledged, handed_out_);
    for (; !under_way_.empty() && under_way_.front().last <= arrived;) {
      under_way_.front().since = now;
      idle_.splice(idle_.end(), under_way_, under_way_.begin());
    }
  }
  /// The one that has been idle longest; null: none is.
  const entry* front() const { return idle_.empty() ? nullptr : &idle_.front(); }

 private:
  std::uint64_t handed_out_ = 0;  ///< bytes ever
  std::list<entry> under_way_;    ///< each stream once, here or in the other
  std::list<entry> idle_;

  std::list<entry>& line_of(place at) { return at->since ? idle_ : under_way_; }
};

}  // namespace gof::core
