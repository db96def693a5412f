#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gof::cli {

/// Digits followed by ms, s, m or h, or by nothing: seconds. Empty: invalid, or above `longest_duration`.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

constexpr std::chrono::milliseconds longest_duration = std::chrono::hours(24);

}  // namespace gof::cli
