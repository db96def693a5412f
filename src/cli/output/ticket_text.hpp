#pragma once

#include <gof/join_ticket.hpp>
#include <gof/ticket.hpp>

#include <string>

namespace gof::cli {

/// What a ticket contains, without its secrets: lines for people, or a JSON object.
std::string explained(const gof::ticket& what, bool json);
std::string explained(const gof::join_ticket& what, bool json);

/// The ticket itself: a line, or a JSON object.
std::string shown(const std::string& ticket, bool json);

}  // namespace gof::cli
