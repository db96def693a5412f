#pragma once

#include "base/time.hpp"
#include "wire/record_links.hpp"

#include <optional>

namespace gof::core {

/// The code of the longest representable round trip that is not longer; never 0, which means "not known".
std::uint8_t round_trip_code(duration round_trip);
/// Empty: not known.
std::optional<duration> round_trip_of(std::uint8_t code);

/// Whether the codes differ by a factor of two or more; a smaller change is not worth a new record.
bool differ_much(std::uint8_t one, std::uint8_t other);

/// The worse of what the two ends of a link report: neither can make it look better than the other does.
wire::link_quality worse(const wire::link_quality& one, const wire::link_quality& other);

/// What a link adds to the cost of a route: half a round trip, the time to send 64 KiB, and a penalty for
/// loss. Always above zero, so that no loop is part of a cheapest route.
duration cost_of(const wire::link_quality& link);

constexpr duration unknown_round_trip = 50ms;      ///< until it is measured: as for a link across a country
constexpr std::uint8_t unknown_bandwidth = 9;      ///< 16 MiB/s, which is 4 ms a link: fewer links are better
constexpr duration penalty_of_a_thousandth = 1ms;  ///< 1 % of loss costs as much as 20 ms of round trip

}  // namespace gof::core
