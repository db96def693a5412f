#pragma once

#include "cli/arguments/option_values.hpp"
#include "cli/arguments/parsed_command.hpp"

namespace gof::cli {

/// What a command line is parsed with, besides its own words.
struct parse_context {
  const os::environment& variables;
  const config::configuration* file;  ///< null: there is none
};

// One function for each command; its options have been parsed already.
result<parsed_command> parse_serve(const option_values& values, const parse_context& with);
result<parsed_command> parse_relay(const option_values& values);
result<parsed_command> parse_forward(const option_values& values, const parse_context& with);
/// `path`: the file that was read, for reading it again.
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
result<parsed_command> parse_completion(const option_values& values);

// Shared by several commands.

/// Takes the ticket from the words if they begin with one; otherwise from --ticket-file or GOF_TICKET. Empty:
/// there is none.
result<std::optional<daemon::ticket_source>> take_ticket(const option_values& values,
                                                         const os::environment& variables,
                                                         std::span<const std::string>& words);
/// The PEER of a command that connects to one: a ticket as by take_ticket(), an id or an alias. Never a join
/// ticket.
result<daemon::peer_argument> take_peer(const option_values& values, const parse_context& with,
                                        std::span<const std::string>& words, const char* missing);
result<void> refuse_words(const option_values& values, std::string_view command);

}  // namespace gof::cli
