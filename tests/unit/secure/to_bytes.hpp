#pragma once

#include "base/bytes.hpp"

namespace gof::secure {

/// A copy that can be compared with other bytes, whatever type held these.
inline bytes to_bytes(const_bytes data) {
  return {data.begin(), data.end()};
}

}  // namespace gof::secure
