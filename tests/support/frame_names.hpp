#pragma once

#include "base/bytes.hpp"

#include <map>
#include <string>
#include <utility>

namespace gof::test {

/// Follows the links' byte streams by what of them is in clear, the frames' prefixes, and names what begins
/// in each piece. Altered bytes lead it astray; then it says so.
class frame_names {
 public:
  /// What begins in this piece of a connection's direction (0: the dialler's).
  std::string read(std::size_t connection, int from, const_bytes piece);

 private:
  struct direction {
    bool opened = false;  ///< greeting or hello went by
    bool lost = false;
    std::size_t skip = 0;
    bytes partial;
  };
  std::map<std::pair<std::size_t, int>, direction> directions_;

  static std::string next_name(direction& d, int from);
};

}  // namespace gof::test
