#include "cli/arguments/duration.hpp"

#include <charconv>
#include <cstdint>

namespace gof::cli {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  std::chrono::milliseconds one{};
  if (unit == "ms")
    one = std::chrono::milliseconds(1);
  else if (unit.empty() || unit == "s")
    one = std::chrono::seconds(1);
  else if (unit == "m")
    one = std::chrono::minutes(1);
  else if (unit == "h")
    one = std::chrono::hours(1);
  else
    return std::nullopt;
  const auto duration = one * static_cast<std::int64_t>(number);
  if (duration > longest_duration) return std::nullopt;
  return duration;
}

}  // namespace gof::cli
