#pragma once

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "wire/frame.hpp"

#include <vector>

namespace gof::test {

/// What happens to the link on which a frame arrived.
enum class fate { stands, closes, either };

/// A valid frame of one type, and which changes keep it valid.
struct frame_sample {
  wire::frame_type type;
  const char* name;
  bytes header;
  fate whole;          ///< for the unchanged frame
  std::size_t items;   ///< valid when cut at a multiple of this; 0: never
  std::size_t least;   ///< as good when cut to this or more, as the rest is not read
  bool longer = true;  ///< as good with more bytes after it

  fate cut_to(std::size_t size) const;
  /// For the frame with a few bytes of 0xff after it.
  fate grown() const { return longer && items == 0 ? whole : fate::closes; }
};

/// One of each type that a member may send, from a node that has sent its label.
std::vector<frame_sample> frame_samples(const node_id& from, const node_id& to);

/// Bytes that are no frame: false lengths, and unsealed frames of a wrong kind.
std::vector<bytes> lying_frames();

}  // namespace gof::test
