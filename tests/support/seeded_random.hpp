#pragma once

#include "base/random.hpp"

#include <random>

namespace gof::test {

/// Gives the same numbers in every run with the same seed.
class seeded_random final : public random_source {
 public:
  explicit seeded_random(std::uint64_t seed) : engine_(seed) {}
  void fill(mutable_bytes out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace gof::test
