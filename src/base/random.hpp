#pragma once

#include "base/bytes.hpp"

namespace gof {

/// Where a core gets its random numbers; the shell gives the system's, tests a seeded one.
class random_source {
 public:
  virtual ~random_source() = default;
  virtual void fill(mutable_bytes out) = 0;

  template <class Id>
  Id draw() {
    Id id;
    fill(id.value);
    return id;
  }

  /// Uniform enough for jitter, not for keys.
  std::uint64_t number() {
    std::uint64_t n = 0;
    fill({reinterpret_cast<std::uint8_t*>(&n), sizeof n});
    return n;
  }
};

}  // namespace gof
