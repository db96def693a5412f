#include "cli/arguments/command_line.hpp"
#include "cli/arguments/command_parsers.hpp"
#include "cli/arguments/node_values.hpp"
#include "cli/arguments/peer_argument.hpp"
#include "net/ticket_words.hpp"
#include "os/environment.hpp"
#include "wire/any_ticket.hpp"

namespace gof::cli {

using forward::in_quotes;

result<std::optional<daemon::ticket_source>> take_ticket(const option_values& values,
                                                         const os::environment& variables,
                                                         std::span<const std::string>& words) {
  std::optional<std::filesystem::path> file;
  if (const auto read = read_path(values, "ticket-file", file); !read) return read.error();
  const bool named_here = values.on_command_line("ticket-file");
  const bool first_is_ticket = !words.empty() && looks_like_ticket(words.front());
  if (named_here && first_is_ticket)
    return problem{"two tickets: one on the command line, one by --ticket-file"};
  const auto variable = variables.find(ticket_variable);
  const bool in_variable = variable != variables.end() && !variable->second.empty();

  std::string text;
  std::string source;
  if (first_is_ticket || (!file && !in_variable)) {
    if (words.empty()) return std::optional<daemon::ticket_source>();
    text = words.front();
    words = words.subspan(1);
    if (text == "-") return std::optional<daemon::ticket_source>(daemon::standard_input{});
  } else if (file) {
    return std::optional<daemon::ticket_source>(daemon::ticket_file{*file});
  } else {
    text = variable->second;
    source = variable->first + ": ";
  }
  auto parsed = wire::parse_any_ticket(text);
  if (!parsed && looks_like_ticket(text)) return problem{source + net::words_of(parsed.error()).what};
  if (!parsed)
    return problem{source + in_quotes(text) + " is not a ticket: " + net::words_of(parsed.error()).what};
  return std::visit([](auto& one) { return std::optional<daemon::ticket_source>(std::move(one)); }, *parsed);
}

result<daemon::peer_argument> take_peer(const option_values& values, const parse_context& with,
                                        std::span<const std::string>& words, const char* missing) {
  const bool elsewhere =
      values.count("ticket-file") > 0 || !os::variable(with.variables, ticket_variable).empty();
  const bool names = !words.empty() && !looks_like_ticket(words.front()) &&
                     (!elsewhere || (with.file && with.file->alias(words.front())));
  if (names) {
    auto read = read_peer_argument(words.front(), with.file);
    if (!read) return read.error();
    if (values.on_command_line("ticket-file"))
      return problem{"two peers: one on the command line, one by --ticket-file"};
    words = words.subspan(1);
    return read;
  }
  auto ticket = take_ticket(values, with.variables, words);
  if (!ticket) return ticket.error();
  if (!*ticket) return problem{missing};
  if (std::holds_alternative<wire::join_ticket>(**ticket))
    return net::words_of({wire::ticket_error::code::join_ticket});
  return daemon::peer_argument(std::move(**ticket));
}

result<void> refuse_words(const option_values& values, std::string_view command) {
  if (values.words().empty()) return {};
  return problem{in_quotes(values.words().front()) + ": gof " + std::string(command) + " takes no argument"};
}

}  // namespace gof::cli
