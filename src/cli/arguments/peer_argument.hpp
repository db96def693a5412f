#pragma once

#include "config/configuration.hpp"
#include "daemon/ticket_source.hpp"

#include <optional>
#include <string_view>

namespace gof::cli {

/// Whether the word looks like a ticket, or is - (a ticket on stdin).
bool looks_like_ticket(std::string_view word);

/// The FILE of ticket-file=FILE, which may be empty; no value: the word is something else.
std::optional<std::string_view> file_of_ticket(std::string_view word);

/// Parses a ticket, ticket-file=FILE, a peer's id, or an alias of one of these in `file` (null: there is
/// none). The caller handles -. The problem never repeats a ticket.
result<daemon::peer_argument> read_peer_argument(std::string_view word, const config::configuration* file);

}  // namespace gof::cli
