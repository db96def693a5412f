#pragma once

#include "base/time.hpp"
#include "wire/record_links.hpp"

#include <optional>

namespace gof::core {

/// The code of the longest round trip that is not longer; never 0, which is "not known".
std::uint8_t round_trip_code(duration round_trip);
/// Empty: not known.
std::optional<duration> round_trip_of(std::uint8_t code);

/// Whether the codes are a factor of two or more apart: less is no reason to tell the mesh.
bool differ_much(std::uint8_t one, std::uint8_t other);

/// The worse of what both ends of a link say, so that neither makes it look better than the other found it.
wire::link_quality worse(const wire::link_quality& one, const wire::link_quality& other);

/// What a link adds to the cost of a route: half a round trip, the time that 64 KiB take, and a penalty for
/// loss. Always above zero: a detour through a loop is never cheaper.
duration cost_of(const wire::link_quality& link);

constexpr duration unknown_round_trip = 50ms;      ///< a link across a country until it is measured
constexpr std::uint8_t unknown_bandwidth = 9;      ///< 16 MiB/s: 4 ms a link, so that fewer links are better
constexpr duration penalty_of_a_thousandth = 1ms;  ///< 1 % of loss is as bad as 20 ms of round trip

}  // namespace gof::core
