#pragma once

#include "base/random.hpp"

namespace gof::net {

/// Random numbers of the kernel.
class system_random final : public random_source {
 public:
  void fill(mutable_bytes out) override;
};

}  // namespace gof::net
