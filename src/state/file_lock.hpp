#pragma once

#include "base/problem.hpp"

#include <chrono>
#include <filesystem>

namespace gof::state {

/// A lock that one process holds at a time (flock); released on destruction, and by a crash.
class file_lock {
 public:
  /// Long enough for any number of processes to take their turn, and short for one that waits for a stopped
  /// process.
  static constexpr std::chrono::milliseconds patience{5000};

  static result<file_lock> take(const std::filesystem::path& path, std::chrono::milliseconds wait = patience);

  file_lock(file_lock&& other) noexcept;
  file_lock& operator=(file_lock&&) = delete;
  ~file_lock();

 private:
  explicit file_lock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace gof::state
