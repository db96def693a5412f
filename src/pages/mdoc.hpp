#pragma once

#include <string>
#include <string_view>

namespace gof::pages {

/// Text as it stands inside a macro or a literal block: every character comes out as it was put in, in any
/// formatter, so that a line can be pasted.
std::string literal(std::string_view text);

/// A word of a usage line, or an option's argument, as the arguments of macros: "[NAME=]TARGET..." becomes
/// "Oo Ar NAME= Oc Ns Ar TARGET Ns No ...".
std::string syntax(std::string_view word);

/// Sentences of the option table as mdoc lines: one sentence a line, with options, variables, arguments,
/// commands and pages marked as such. `page`: the one it is for, which is not told to see itself.
std::string prose(std::string_view text, std::string_view page);

/// "a word or two" becomes "A word or two".
std::string capitalized(std::string_view text);

}  // namespace gof::pages
