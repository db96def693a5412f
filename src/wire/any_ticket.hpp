#pragma once

#include "wire/join_ticket.hpp"
#include "wire/ticket.hpp"

#include <variant>

namespace gof::wire {

using any_ticket = std::variant<ticket, join_ticket>;

/// Parses either kind of ticket.
ticket_result<any_ticket> parse_any_ticket(std::string_view text);

}  // namespace gof::wire
