#pragma once

#include "base/random.hpp"

namespace gof::net {

/// The kernel's random numbers.
class system_random final : public random_source {
 public:
  void fill(mutable_bytes out) override;
};

}  // namespace gof::net
