#include "cli/ticket_input.hpp"

#include "secure/secret.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace gof::cli {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// At most a little more than a ticket can be long; empty: errno says why.
std::optional<std::string> read_some(int descriptor) {
  std::string text(wire::ticket::longest_text + 64, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = ::read(descriptor, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

outcome<wire::ticket> read_from(int descriptor, const std::string& where, exit_code code) {
  auto text = read_some(descriptor);
  if (!text) return failure{code, where + ": " + std::strerror(errno)};
  auto ticket = wire::ticket::parse(trimmed(*text));
  secure::wipe(text->data(), text->size());
  if (!ticket) return failure{code, where + ": " + ticket.error().what};
  return std::move(*ticket);
}

outcome<wire::ticket> read_file(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return failure{bad_file, "ticket file " + path.string() + ": " + std::strerror(errno)};
  auto read = read_from(descriptor, "ticket file " + path.string(), bad_file);
  ::close(descriptor);
  return read;
}

}  // namespace

outcome<wire::ticket> read_ticket(const ticket_source& from) {
  if (const auto* ticket = std::get_if<wire::ticket>(&from)) return *ticket;
  if (const auto* file = std::get_if<ticket_file>(&from)) return read_file(file->path);
  return read_from(STDIN_FILENO, "stdin", bad_command_line);
}

}  // namespace gof::cli
