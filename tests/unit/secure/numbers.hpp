#pragma once

#include "base/bytes.hpp"
#include "base/random.hpp"

#include <cstdlib>
#include <iostream>
#include <random>

namespace gof::secure {

/// Random numbers for a test; GOF_SEED repeats a run.
class numbers : public random_source {
 public:
  numbers() : engine_(seed()) {}

  void fill(mutable_bytes out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }
  bytes some(std::size_t size) {
    bytes out(size);
    fill(out);
    return out;
  }
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  bool happens(unsigned percent) { return below(100) < percent; }

 private:
  std::mt19937_64 engine_;

  static std::uint64_t seed() {
    const char* given = std::getenv("GOF_SEED");
    const std::uint64_t chosen =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::cout << "GOF_SEED=" << chosen << '\n';
    return chosen;
  }
};

}  // namespace gof::secure
