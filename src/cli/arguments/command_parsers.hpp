#pragma once

#include "cli/arguments/option_values.hpp"
#include "cli/arguments/parsed_command.hpp"

namespace gof::cli {

/// What a command line is understood with besides its own words.
struct parse_context {
  const os::environment& variables;
  const config::configuration* file;  ///< null: there is none
};

// One command each, its options sorted out already.
result<parsed_command> parse_serve(const option_values& values, const parse_context& with);
result<parsed_command> parse_relay(const option_values& values);
result<parsed_command> parse_forward(const option_values& values, const parse_context& with);
/// `path`: where the file was read, to be read again.
result<parsed_command> parse_run(const option_values& values, const parse_context& with,
                                 const std::filesystem::path& path);
result<parsed_command> parse_connect(const option_values& values, const parse_context& with);
result<parsed_command> parse_server(const option_values& values, const parse_context& with);
result<parsed_command> parse_client(const option_values& values, const parse_context& with);
result<parsed_command> parse_both(const option_values& values, const parse_context& with);
result<parsed_command> parse_status(const option_values& values);
result<parsed_command> parse_peers(const option_values& values);
result<parsed_command> parse_ping(const option_values& values, const parse_context& with);
result<parsed_command> parse_trace(const option_values& values, const parse_context& with);
result<parsed_command> parse_id(const option_values& values);
result<parsed_command> parse_ticket(const option_values& values, const parse_context& with);
result<parsed_command> parse_demo(const option_values& values);

// What several of them have in common.

/// Takes the ticket off the words, where it stands there; else the one of --ticket-file or GOF_TICKET. Empty:
/// there is none.
result<std::optional<daemon::ticket_source>> take_ticket(const option_values& values,
                                                         const os::environment& variables,
                                                         std::span<const std::string>& words);
/// The PEER of a command that reaches one: what take_ticket() takes, or an id, or an alias. Never a join
/// ticket.
result<daemon::peer_argument> take_peer(const option_values& values, const parse_context& with,
                                        std::span<const std::string>& words, const char* missing);
result<void> refuse_words(const option_values& values, std::string_view command);

}  // namespace gof::cli
