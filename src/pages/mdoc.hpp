#pragma once

#include <string>
#include <string_view>

namespace gof::pages {

/// Escapes text inside a macro or a literal block, so that every formatter prints each character unchanged,
/// and the line can be pasted.
std::string literal(std::string_view text);

/// A word of a usage line, or an option's argument, as macro arguments: "[NAME=]TARGET..." becomes "Oo Ar
/// NAME= Oc Ns Ar TARGET Ns No ...".
std::string syntax(std::string_view word);

/// Sentences of the option table as mdoc lines, one sentence on each, with options, variables, arguments,
/// commands and pages marked up. `page`: the page that the text is for; it does not refer to itself.
std::string prose(std::string_view text, std::string_view page);

/// "a word or two" becomes "A word or two".
std::string capitalized(std::string_view text);

}  // namespace gof::pages
