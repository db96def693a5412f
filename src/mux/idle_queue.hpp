#pragma once

#include "base/time.hpp"
#include "wire/stream.hpp"

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

  place enter(wire::stream_number stream, std::uint64_t last) {
    return under_way_.insert(under_way_.end(), {stream, last, {}});
  }
  /// It sends again. `last` is never less than that of an earlier call.
  void renew(place at, std::uint64_t last) {
    under_way_.splice(under_way_.end(), line_of(at), at);
    at->last = last;
    at->since.reset();
  }
  void leave(place at) { line_of(at).erase(at); }
  /// Of all bytes handed out so many have arrived.
  void handle_arrived(instant now, std::uint64_t arrived) {
    for (; !under_way_.empty() && under_way_.front().last <= arrived;) {
      under_way_.front().since = now;
      idle_.splice(idle_.end(), under_way_, under_way_.begin());
    }
  }
  /// The one that has been idle longest; null: none is.
  const entry* front() const { return idle_.empty() ? nullptr : &idle_.front(); }

 private:
  std::list<entry> under_way_;
  std::list<entry> idle_;

  std::list<entry>& line_of(place at) { return at->since ? idle_ : under_way_; }
};

}  // namespace gof::core
