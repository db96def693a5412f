#pragma once

#include "base/id.hpp"
#include "wire/reason.hpp"

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace gof::wire {

/// Random values for property tests. Prints its seed; GOF_SEED repeats a run.
class generator {
 public:
  generator() : generator(chosen_seed()) {}
  explicit generator(std::uint64_t seed) : random_(seed) { std::cout << "GOF_SEED=" << seed << '\n'; }

  std::uint64_t number() { return random_(); }
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  bool coin() { return below(2) == 0; }

  template <class Unsigned>
  Unsigned any() {
    // The ends of a range are where codecs break.
    switch (below(8)) {
      case 0: return 0;
      case 1: return static_cast<Unsigned>(~Unsigned{0});
      default: return static_cast<Unsigned>(number());
    }
  }

  bytes block(std::size_t size) {
    bytes data(size);
    for (auto& byte : data) byte = static_cast<std::uint8_t>(number());
    return data;
  }
  bytes block_up_to(std::size_t most) { return block(below(most + 1)); }

  template <class Id>
  Id id() {
    return Id(block(Id::size));
  }
  template <std::size_t Size>
  std::array<std::uint8_t, Size> array() {
    std::array<std::uint8_t, Size> out{};
    for (auto& byte : out) byte = static_cast<std::uint8_t>(number());
    return out;
  }

  std::string text_of(std::string_view letters, std::size_t size) {
    std::string text(size, ' ');
    for (auto& c : text) c = letters[below(letters.size())];
    return text;
  }
  std::string any_text(std::size_t size) { return std::string(as_text(block(size))); }

  /// Empty, or a valid peer name.
  std::string any_peer_name() {
    const auto size = below(64);
    return size == 0 ? std::string() : 'a' + text_of("abzABZ019-_.", size - 1);
  }

  reason any_reason() { return static_cast<reason>(below(reason_count)); }

  /// The same with some bytes changed, removed or added: closer to what a decoder accepts than noise is.
  bytes damaged(bytes data) {
    for (auto changes = 1 + below(3); changes > 0 && !data.empty(); --changes)
      data[below(data.size())] = static_cast<std::uint8_t>(number());
    if (below(4) == 0) data.resize(below(data.size() + 1));
    if (below(4) == 0) append(data, block_up_to(8));
    return data;
  }

 private:
  static std::uint64_t chosen_seed() {
    const char* given = std::getenv("GOF_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  }

  std::mt19937_64 random_;
};

}  // namespace gof::wire
