#pragma once

#include "base/bytes.hpp"
#include "secure/protection.hpp"
#include "wire/frame.hpp"

#include <optional>

namespace gof::core {

/// Cuts what a socket gives into pieces. A piece that came whole stays where it was read to; only what came
/// in part is copied.
class frame_reader {
 public:
  /// All of it is valid until the next call that is not const.
  struct frame {
    std::uint8_t type = 0;
    const_bytes prefix;    ///< what the sealed header is authentic together with
    mutable_bytes header;  ///< sealed, with its tag; empty in a clear frame
    mutable_bytes payload;

    /// Once it was opened in place.
    const_bytes opened_header() const { return header.first(header.size() - secure::tag_size); }
  };

  /// `data` stays where it is until keep().
  void handle_bytes(mutable_bytes data);
  /// The caller's buffer goes away: what was not taken is copied.
  void keep();

  /// The next bytes in one piece; empty: so many have not come yet.
  mutable_bytes peek(std::size_t size);
  mutable_bytes take(std::size_t size);
  /// The next frame; empty: it has not come whole, or is_broken().
  std::optional<frame> take_frame();
  /// A frame had lengths that do not fit: where the next one begins is not known.
  bool is_broken() const { return broken_; }

 private:
  bytes kept_;             ///< what is left of earlier buffers: less than a frame if all frames were taken
  std::size_t taken_ = 0;  ///< of `kept_`
  mutable_bytes fresh_;    ///< what came behind `kept_`, in the caller's buffer
  bool broken_ = false;

  bool holds(std::size_t size) const { return kept_.size() - taken_ + fresh_.size() >= size; }
};

}  // namespace gof::core
