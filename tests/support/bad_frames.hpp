#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "wire/frame.hpp"

#include <vector>

namespace gof::test {

/// What becomes of the link over which a frame came.
enum class fate { stands, closes, either };

/// A sound frame of one type, and what may be done to it.
struct frame_sample {
  wire::frame_type type;
  const char* name;
  bytes header;
  fate whole;          ///< as it is
  std::size_t items;   ///< cut at a multiple of this it is whole again; 0: never
  std::size_t least;   ///< cut to so much it is as good; more is not looked at
  bool longer = true;  ///< with more behind it it is as good

  fate cut_to(std::size_t size) const;
  /// With a few bytes of 0xff behind it.
  fate grown() const { return longer && items == 0 ? whole : fate::closes; }
};

/// Of each type that a member may send, from a node that told its label already.
std::vector<frame_sample> frame_samples(const node_id& from, const node_id& to);

/// Bytes of no frame: lengths that lie, clear frames that are none.
std::vector<bytes> lying_frames();

}  // namespace gof::test
