#pragma once

#include "base/random.hpp"

namespace gof::cli {

/// The kernel's random numbers, for what the state folder draws.
class system_random final : public random_source {
 public:
  void fill(mutable_bytes out) override;
};

}  // namespace gof::cli
