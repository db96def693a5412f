#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace gof::cli {

/// "1.5 MiB", "64 MiB", "2.0 GiB".
std::string bytes_text(std::uint64_t bytes);
/// "48 MiB/s".
std::string rate_text(std::uint64_t bytes, std::chrono::nanoseconds time);

struct progress {
  std::uint64_t bytes = 0;
  std::uint64_t of = 1;
  std::chrono::nanoseconds time{};
  std::string_view note{};  ///< shown after the numbers
};

/// The progress in one line of at most `width` columns: bar, per cent, bytes, rate, note. If there is not
/// enough room the bar is dropped first, then the note.
std::string bar_line(const progress& how, std::size_t width);

}  // namespace gof::cli
