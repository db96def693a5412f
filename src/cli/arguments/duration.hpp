#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gof::cli {

/// Digits with ms, s, m or h behind them, or alone: seconds. Empty: not that, or beyond `longest_duration`.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

constexpr std::chrono::milliseconds longest_duration = std::chrono::hours(24);

}  // namespace gof::cli
