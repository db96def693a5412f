#include "base/pasted_ticket.hpp"

#include "base/peer_name.hpp"

#include <algorithm>
#include <iterator>

namespace gof {
namespace {

/// What is added to a text on its way, as bytes. UTF-8 unless noted.
constexpr std::string_view added[] = {
    " ",
    "\t",
    "\r",
    "\n",
    "\v",
    "\f",
    "\"",
    "'",
    "`",
    std::string_view("\0", 1),  // UTF-16
    "\xff\xfe",                 // its byte order mark
    "\xfe\xff",
    "\xef\xbb\xbf",  // byte order mark
    "\xc2\xa0",      // no-break space
    "\xc2\xad",      // soft hyphen
    "\xc2\xab",      // guillemets
    "\xc2\xbb",
    "\xe2\x80\x8b",  // zero width space, non-joiner, joiner
    "\xe2\x80\x8c",
    "\xe2\x80\x8d",
    "\xe2\x80\x98",  // single and double quotation marks
    "\xe2\x80\x99",
    "\xe2\x80\x9c",
    "\xe2\x80\x9d",
    "\xe2\x80\xa8",  // line and paragraph separator
    "\xe2\x80\xa9",
    "\xe2\x81\xa0",  // word joiner
};

/// How many bytes at the beginning of the text were added to it.
std::size_t added_at(std::string_view text) {
  const auto found = std::find_if(std::begin(added), std::end(added),
                                  [&](std::string_view one) { return text.starts_with(one); });
  return found == std::end(added) ? 0 : found->size();
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Passes each character of the ticket to `take`, in lower case, until that returns false.
template <class Take>
void walk(std::string_view text, Take take) {
  while (!text.empty()) {
    if (const auto size = added_at(text); size > 0) {
      text.remove_prefix(size);
      continue;
    }
    if (!take(lower(text.front()))) return;
    text.remove_prefix(1);
  }
}

}  // namespace

std::string pasted_ticket(std::string_view text) {
  std::string bare;
  bare.reserve(text.size());
  walk(text, [&](char c) {
    bare += c;
    return true;
  });
  return bare;
}

bool begins_like_ticket(std::string_view text) {
  std::string begin;
  walk(text, [&](char c) {
    begin += c;
    return begin.size() < ticket_prefix.size();
  });
  return begin == ticket_prefix;
}

std::size_t find_ticket(std::string_view text) {
  const auto found = std::search(text.begin(), text.end(), ticket_prefix.begin(), ticket_prefix.end(),
                                 [](char a, char b) { return lower(a) == b; });
  return found == text.end() ? text.npos : static_cast<std::size_t>(found - text.begin());
}

}  // namespace gof
