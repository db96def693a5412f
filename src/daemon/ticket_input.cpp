#include "daemon/ticket_input.hpp"

#include "net/ticket_words.hpp"
#include "os/process.hpp"
#include "secure/secret.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace gof::daemon {
namespace {

/// Reads slightly more than the longest text of a ticket at most. Empty: errno has the reason.
std::optional<std::string> read_some(int descriptor) {
  std::string text(wire::ticket_form::longest_pasted + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = ::read(descriptor, text.data() + size, text.size() - size);
    if (got < 0 && !os::is_passing(errno)) return std::nullopt;
    if (got < 0) {
      if (errno != EINTR) os::wait_for(descriptor, POLLIN);
      continue;
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

/// The prefix of a problem with the ticket.
std::string place_of(const ticket_source& from) {
  if (const auto* file = std::get_if<ticket_file>(&from)) return "ticket file " + file->path.string() + ": ";
  return std::holds_alternative<standard_input>(from) ? "stdin: " : "";
}

outcome<wire::any_ticket> read_from(int descriptor, const ticket_source& from) {
  auto text = read_some(descriptor);
  if (!text) return failure{code_of(from), place_of(from) + std::strerror(errno)};
  auto ticket = wire::parse_any_ticket(*text);
  secure::wipe(text->data(), text->size());
  if (!ticket) return failure{code_of(from), place_of(from) + net::words_of(ticket.error()).what};
  return std::move(*ticket);
}

template <class Wanted, class Other>
outcome<Wanted> read_as(const ticket_source& from, wire::ticket_error::code misplaced) {
  auto any = read_any_ticket(from);
  if (!any) return any.error();
  if (std::holds_alternative<Other>(*any))
    return failure{code_of(from), place_of(from) + net::words_of({misplaced}).what};
  return std::get<Wanted>(std::move(*any));
}

}  // namespace

exit_code code_of(const ticket_source& from) {
  return std::holds_alternative<ticket_file>(from) ? bad_file : bad_command_line;
}

outcome<wire::any_ticket> read_any_ticket(const ticket_source& from) {
  if (const auto* ticket = std::get_if<wire::ticket>(&from)) return wire::any_ticket(*ticket);
  if (const auto* ticket = std::get_if<wire::join_ticket>(&from)) return wire::any_ticket(*ticket);
  const auto* file = std::get_if<ticket_file>(&from);
  if (!file) return read_from(STDIN_FILENO, from);
  const int descriptor = ::open(file->path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failure{bad_file, place_of(from) + std::strerror(errno)};
  auto read = read_from(descriptor, from);
  ::close(descriptor);
  return read;
}

outcome<wire::ticket> read_ticket(const ticket_source& from) {
  return read_as<wire::ticket, wire::join_ticket>(from, wire::ticket_error::code::join_ticket);
}

outcome<wire::join_ticket> read_join_ticket(const ticket_source& from) {
  return read_as<wire::join_ticket, wire::ticket>(from, wire::ticket_error::code::service_ticket);
}

}  // namespace gof::daemon
