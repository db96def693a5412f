#include "mesh/quality.hpp"

#include <algorithm>

namespace gof::core {
namespace {

constexpr unsigned steps = 8;          // codes for each factor of two
constexpr duration step_unit = 125ns;  // an eighth of 1 us, the shortest round trip
constexpr std::uint8_t largest_code = 255;
constexpr duration block_at_class_1 = 1s;  // time for 64 KiB at 64 KiB/s
constexpr unsigned most_halvings = 29;     // of a second: 2 ns, the shortest block time

}  // namespace

std::optional<duration> round_trip_of(std::uint8_t code) {
  if (code == 0) return std::nullopt;
  const unsigned n = code - 1u;
  return step_unit * (static_cast<std::int64_t>(steps + n % steps) << (n / steps));
}

std::uint8_t round_trip_code(duration round_trip) {
  std::uint8_t low = 1;
  std::uint8_t high = largest_code;
  while (low < high) {
    const auto middle = static_cast<std::uint8_t>(low + (high - low + 1) / 2);
    if (*round_trip_of(middle) <= round_trip)
      low = middle;
    else
      high = static_cast<std::uint8_t>(middle - 1);
  }
  return low;
}

bool differ_much(std::uint8_t one, std::uint8_t other) {
  if (one == 0 || other == 0) return one != other;
  const auto [less, more] = std::minmax(one, other);
  return more - less >= static_cast<int>(steps);
}

wire::link_quality worse(const wire::link_quality& one, const wire::link_quality& other) {
  wire::link_quality w;
  w.round_trip = std::max(one.round_trip, other.round_trip);
  w.loss = std::max(one.loss, other.loss);
  w.bandwidth = std::min(one.bandwidth, other.bandwidth);
  if (w.bandwidth == 0) w.bandwidth = std::max(one.bandwidth, other.bandwidth);  // if only one end knows it
  return w;
}

duration cost_of(const wire::link_quality& link) {
  const auto bandwidth = link.bandwidth == 0 ? unknown_bandwidth : link.bandwidth;
  const duration block = block_at_class_1 / (std::int64_t{1} << std::min(bandwidth - 1u, most_halvings));
  return round_trip_of(link.round_trip).value_or(unknown_round_trip) / 2 + block +
         penalty_of_a_thousandth * link.loss;
}

}  // namespace gof::core
