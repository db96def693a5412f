#pragma once

#include "cli/ticket_source.hpp"
#include "config/configuration.hpp"

#include <gof/identity.hpp>

#include <string_view>
#include <variant>

namespace gof::cli {

/// Whose services are meant: those of a ticket, or of a peer of this node's own mesh, which needs none.
using peer_word = std::variant<ticket_source, gof::peer>;

/// A word of that look: a ticket, or - for one on stdin.
bool looks_like_ticket(std::string_view word);

/// FILE of ticket-file=FILE, which may be empty; none: the word is another.
std::optional<std::string_view> file_of_ticket(std::string_view word);

/// A ticket, ticket-file=FILE, a peer's id, or an alias of one of these in `file` (null: there is none). - is
/// for the caller. The problem never repeats a ticket.
result<peer_word> read_peer_word(std::string_view word, const config::configuration* file);

}  // namespace gof::cli
