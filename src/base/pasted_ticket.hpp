#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gof {

/// A ticket as people pass it on: pasted from mail, chat or a terminal, saved by an editor or by PowerShell.
/// In letters of either case, with blanks, line breaks, quotes, byte order marks or the NULs of UTF-16 in it.
/// None of these is part of a ticket, and its checksum shows whether the rest is whole.
std::string pasted_ticket(std::string_view text);

/// Whether the text, without all that, begins like a ticket.
bool begins_like_ticket(std::string_view text);

/// Where a ticket may begin in the text, in letters of either case; npos: nowhere.
std::size_t find_ticket(std::string_view text);

}  // namespace gof
