#include "cli/arguments/peer_argument.hpp"

#include "base/pasted_ticket.hpp"
#include "forward/target.hpp"
#include "net/ticket_words.hpp"
#include "wire/any_ticket.hpp"

namespace gof::cli {
namespace {

using forward::in_quotes;

constexpr std::string_view file_prefix = "ticket-file=";

/// An alias cannot name another alias, which would only hide what is meant.
result<daemon::peer_argument> read_plain(std::string_view word) {
  if (const auto file = file_of_ticket(word)) {
    if (file->empty() || begins_like_ticket(*file)) return problem{"ticket-file= without the name of a file"};
    return daemon::peer_argument(daemon::ticket_source(daemon::ticket_file{*file}));
  }
  if (begins_like_ticket(word)) {
    auto parsed = wire::parse_any_ticket(word);
    if (!parsed) return net::words_of(parsed.error());
    if (std::holds_alternative<wire::join_ticket>(*parsed))
      return net::words_of({wire::ticket_error::code::join_ticket});
    return daemon::peer_argument(daemon::ticket_source(std::get<wire::ticket>(std::move(*parsed))));
  }
  if (const auto id = gof::peer::parse(std::string(word))) return daemon::peer_argument(*id);
  return problem{in_quotes(word) + " is neither a ticket nor the id of a peer"};
}

}  // namespace

bool looks_like_ticket(std::string_view word) {
  return word == "-" || begins_like_ticket(word);
}

std::optional<std::string_view> file_of_ticket(std::string_view word) {
  if (!word.starts_with(file_prefix)) return std::nullopt;
  return word.substr(file_prefix.size());
}

result<daemon::peer_argument> read_peer_argument(std::string_view word, const config::configuration* file) {
  const auto* alias = file == nullptr ? nullptr : file->alias(word);
  if (alias != nullptr) {
    auto read = read_plain(alias->peer.text);
    if (!read) return problem{file->place(alias->peer.line) + read.error().what};
    return read;
  }
  auto read = read_plain(word);
  if (!read && file != nullptr && !looks_like_ticket(word) && !file_of_ticket(word))
    return problem{in_quotes(word) + " is neither a ticket, nor the id of a peer, nor an alias in " +
                   file->file};
  return read;
}

}  // namespace gof::cli
