#pragma once

#include <string>
#include <string_view>

namespace gof {

/// The beginning of a ticket's text. No name begins so, which keeps names and tickets apart.
inline constexpr std::string_view ticket_prefix = "gof1";

inline constexpr std::size_t longest_peer_name = 63;

/// Whether the text may be a peer's name: letters, digits, '.', '_' and '-', not beginning with '-' or like a
/// ticket, at most 63. So a name has no special meaning in a shell, on a terminal or in JSON. Applies to
/// --name, and to the names of other peers when they are decoded.
bool is_peer_name(std::string_view text);

/// The text if it is a valid name, else empty, as for a peer that has given none.
std::string peer_name_or_none(std::string_view text);

/// A peer's name derived from a machine's: invalid characters become '-', and a long name is cut. "gof" if
/// nothing is left.
std::string peer_name_of_host(std::string_view host);

}  // namespace gof
