#pragma once

#include "base/bytes.hpp"

namespace gof::secure {

/// A copy, which compares with other bytes whatever held these.
inline bytes to_bytes(const_bytes data) {
  return {data.begin(), data.end()};
}

}  // namespace gof::secure
