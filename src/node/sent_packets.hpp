#pragma once

#include "wire/path_error.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace gof::core {

/// What can be told of the last packets on the present path. A PATH-ERROR that names another was invented, or
/// is about another path.
class sent_packets {
 public:
  /// From now on packets go by another path.
  void handle_path() { ++path_; }
  /// `sealed` is the packet's payload.
  void add(std::uint64_t number_field, const_bytes sealed) {
    auto& kept = last_[next_++ % last_.size()];
    kept = {number_field, {}, path_};
    std::copy(sealed.end() - static_cast<std::ptrdiff_t>(kept.tail.size()), sealed.end(), kept.tail.begin());
  }
  bool contains(std::uint64_t number_field, const wire::path_error::echo& tail) const {
    return std::any_of(last_.begin(), last_.end(), [&](const packet& one) {
      return one.path == path_ && one.number == number_field && one.tail == tail;
    });
  }

 private:
  struct packet {
    std::uint64_t number = 0;
    wire::path_error::echo tail{};
    std::uint64_t path = 0;
  };
  std::array<packet, 64> last_{};
  std::size_t next_ = 0;
  std::uint64_t path_ = 1;
};

}  // namespace gof::core
