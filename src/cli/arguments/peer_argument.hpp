#pragma once

#include "config/configuration.hpp"
#include "daemon/ticket_source.hpp"

#include <optional>
#include <string_view>

namespace gof::cli {

/// A word of that look: a ticket, or - for one on stdin.
bool looks_like_ticket(std::string_view word);

/// FILE of ticket-file=FILE, which may be empty; none: the word is another.
std::optional<std::string_view> file_of_ticket(std::string_view word);

/// A ticket, ticket-file=FILE, a peer's id, or an alias of one of these in `file` (null: there is none). - is
/// for the caller. The problem never repeats a ticket.
result<daemon::peer_argument> read_peer_argument(std::string_view word, const config::configuration* file);

}  // namespace gof::cli
