#include "cli/output/progress_bar.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gof::cli {
namespace {

constexpr std::size_t widest_bar = 30;    // the numbers matter more
constexpr std::size_t narrowest_bar = 6;  // a shorter one shows nothing
constexpr std::size_t brackets = 3;       // of a bar, and the blank after it

std::string in_brackets(const progress& how, std::size_t cells) {
  const auto full = static_cast<std::size_t>(how.bytes * cells / how.of);
  return '[' + std::string(full, '#') + std::string(cells - full, '-') + "] ";
}

std::string right_aligned(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1000 && unit + 1 < units.size(); ++unit) value /= 1024;
  std::array<char, 32> text{};
  const bool whole = unit == 0 || value >= 10;
  std::snprintf(text.data(), text.size(), whole ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text.data();
}

std::string rate_text(std::uint64_t bytes, std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::duration<double>(time).count();
  if (seconds <= 0) return "? MiB/s";
  return bytes_text(static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)) + "/s";
}

std::string bar_line(const progress& how, std::size_t width) {
  // Columns of fixed width, so that nothing moves.
  std::string numbers = right_aligned(std::to_string(how.bytes * 100 / how.of), 3) + " % " +
                        right_aligned(bytes_text(how.bytes), 9) + ' ' +
                        right_aligned(rate_text(how.bytes, how.time), 11);
  std::string note = how.note.empty() ? std::string() : "  " + std::string(how.note);
  if (numbers.size() + note.size() > width) note.clear();
  const auto taken = numbers.size() + note.size() + brackets;
  std::string line;
  if (taken + narrowest_bar <= width) line = in_brackets(how, std::min(widest_bar, width - taken));
  return (line + numbers + note).substr(0, width);
}

}  // namespace gof::cli
