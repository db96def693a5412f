#pragma once

#include <string>
#include <string_view>

namespace gof {

/// What a ticket's text begins with: no name does, so that a word is one or the other.
inline constexpr std::string_view ticket_prefix = "gof1";

inline constexpr std::size_t longest_peer_name = 63;

/// What a peer may be called: letters, digits, '.', '_' and '-', no '-' first, 63 at most, and nothing that
/// reads as a ticket. So a name means nothing to a shell, to a terminal or in JSON. --name is held to it, and
/// what other peers call themselves where that is decoded.
bool is_peer_name(std::string_view text);

/// The text if it is a peer's name; else empty, which stands for a peer that has given none.
std::string peer_name_or_none(std::string_view text);

/// A peer's name made of what a machine is called: what no name has becomes '-', what is too long is cut.
/// "gof" where nothing is left.
std::string peer_name_of_host(std::string_view host);

}  // namespace gof
