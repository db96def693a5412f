#include "net/ticket_words.hpp"

#include "wire/ticket_form.hpp"

#include <utility>

namespace gof::net {
namespace {

problem damaged(const std::string& what) {
  return {"the ticket is damaged (" + what + "); copy it again, whole"};
}

std::string foreign(const wire::ticket_error& error) {
  const auto at = "character " + std::to_string(error.place);
  constexpr std::pair<char, const char*> mistaken[] = {{'0', "o"}, {'1', "l or i"}, {'8', "b"}};
  for (const auto& [digit, letter] : mistaken)
    if (error.character == digit) return at + " is the digit " + digit + ", perhaps of a letter " + letter;
  if (error.character > ' ' && error.character < '\x7f')
    return at + " is '" + error.character + "', which no ticket has";
  return at + " is none that a ticket has";
}

}  // namespace

problem words_of(const wire::ticket_error& error) {
  using code = wire::ticket_error::code;
  switch (error.why) {
    case code::too_long:
      return {"a ticket is never longer than " + std::to_string(wire::ticket_form::longest_text) +
              " characters"};
    case code::no_prefix: return {"a ticket starts with 'gof1'"};
    case code::foreign_character: return damaged(foreign(error));
    case code::cut: return damaged("some of its characters are missing");
    case code::too_short: return damaged("it is too short");
    case code::checksum: return damaged("its checksum does not match: mistyped or cut");
    case code::newer_format:
      return {"the ticket is of format " + std::to_string(error.number) +
              ", this gof knows format 1; a newer gof is needed"};
    case code::newer_kind:
      return {"the ticket is of kind " + std::to_string(error.number) +
              ", this gof knows service and join tickets; a newer gof is needed"};
    case code::services: return damaged("its services do not read");
    case code::addresses: return damaged("its addresses do not read");
    case code::trailing_bytes: return damaged("something stands behind its end");
    case code::join_ticket:
      return {
          "this is a join ticket, which makes members of a mesh: it belongs behind --join; a service ticket, "
          "which gof serve prints, is wanted here"};
    case code::service_ticket:
      return {
          "this is a service ticket, which opens services: it is for gof forward; a join ticket, which gof "
          "relay prints, is wanted here"};
  }
  return {};
}

}  // namespace gof::net
