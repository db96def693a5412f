#pragma once

#include <cstddef>

namespace gof::core {

/// What all receive windows of a node may add up to. A new stream always gets its first window; growing needs
/// room.
class credit_budget {
 public:
  static constexpr std::size_t limit = 256 * 1024 * 1024;  ///< bytes; beyond it windows stay as they are

  void take(std::size_t window) { granted_ += window; }
  void give_back(std::size_t window) { granted_ -= window; }
  bool has_room(std::size_t more) const { return granted_ + more <= limit; }
  std::size_t granted() const { return granted_; }

 private:
  std::size_t granted_ = 0;
};

}  // namespace gof::core
