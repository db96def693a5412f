#pragma once

#include "base/bytes.hpp"
#include "secure/protection.hpp"
#include "wire/frame.hpp"

#include <optional>

namespace gof::core {

/// Cuts a socket's bytes into frames. A frame that arrived whole stays where it was read to; only a partial
/// one is copied.
class frame_reader {
 public:
  /// The spans are valid until the next call that is not const.
  struct frame {
    std::uint8_t type = 0;
    const_bytes prefix;    ///< authenticated along with the sealed header
    mutable_bytes header;  ///< sealed, with its tag; empty in a frame that is not sealed
    mutable_bytes payload;

    /// Valid once the header was opened in place.
    const_bytes opened_header() const { return header.first(header.size() - secure::tag_size); }
  };

  /// `data` must stay in place until keep().
  void handle_bytes(mutable_bytes data);
  /// Call it before the buffer of handle_bytes() goes away: copies what was not taken.
  void keep();

  /// The next bytes, contiguous; empty: not so many have arrived yet.
  mutable_bytes peek(std::size_t size);
  mutable_bytes take(std::size_t size);
  /// The next frame; empty: it has not arrived whole, or is_broken().
  std::optional<frame> take_frame();
  /// A frame's lengths were inconsistent, so the beginning of the next one is unknown.
  bool is_broken() const { return broken_; }

 private:
  bytes kept_;             ///< left over from earlier buffers: less than a frame if all frames were taken
  std::size_t taken_ = 0;  ///< how much of `kept_`
  mutable_bytes fresh_;    ///< in the caller's buffer: follows `kept_`
  bool broken_ = false;

  bool holds(std::size_t size) const { return kept_.size() - taken_ + fresh_.size() >= size; }
};

}  // namespace gof::core
