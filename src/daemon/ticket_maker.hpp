#pragma once

#include "daemon/failure.hpp"
#include "state/grant_book.hpp"

#include <gof/node.hpp>

#include <array>

namespace gof::daemon {

/// The ticket for a grant, issued by `node`.
outcome<gof::ticket> make_ticket(const gof::node& node, const state::grant& granted,
                                 const std::vector<std::string>& addresses);

std::array<std::uint8_t, 32> array_of(const secure::secret32& key);

}  // namespace gof::daemon
