#pragma once

#include "base/problem.hpp"

#include <chrono>
#include <filesystem>

namespace gof::state {

/// Held by one process at a time (flock); let go when it goes, also by a crash.
class file_lock {
 public:
  /// Long enough for any number of others to have their turn, and short for whoever waits behind a stopped
  /// one.
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
