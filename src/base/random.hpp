#pragma once

#include "base/bytes.hpp"

namespace gof {

/// The source of a core's random numbers: the system's from the shell, a seeded one in tests.
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

  /// Good enough for jitter, but not for keys.
  std::uint64_t number() {
    std::uint64_t n = 0;
    fill({reinterpret_cast<std::uint8_t*>(&n), sizeof n});
    return n;
  }
};

}  // namespace gof
