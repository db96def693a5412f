#pragma once

#include "base/bytes.hpp"

#include <map>
#include <string>
#include <utility>

namespace gof::test {

/// Follows the links' byte streams by what is not encrypted, the prefixes of frames, and names the frames
/// that begin in each piece. Altered bytes confuse it; then it says so.
class frame_names {
 public:
  /// The names of what begins in this piece of one direction of a connection (0: the dialler's).
  std::string read(std::size_t connection, int from, const_bytes piece);

 private:
  struct direction {
    bool opened = false;  ///< the greeting or hello has passed
    bool lost = false;
    std::size_t skip = 0;
    bytes partial;
  };
  std::map<std::pair<std::size_t, int>, direction> directions_;

  static std::string next_name(direction& d, int from);
};

}  // namespace gof::test
