#include "cli/arguments/command_line.hpp"

#include <gmock/gmock.h>

namespace gof::cli {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using words = std::vector<std::string>;

const std::string ticket_text = [] {
  wire::ticket ticket;
  ticket.issuer.value.fill(1);
  ticket.services = {{"ssh", 22}};
  ticket.addresses = {{"192.0.2.1", 9999}};
  return ticket.text();
}();

const std::string join_text = [] {
  wire::join_ticket ticket;
  ticket.issuer.value.fill(3);
  ticket.addresses = {{"192.0.2.1", 9999}};
  return ticket.text();
}();

template <class Command>
Command parsed(const words& line, const os::environment& variables = {}) {
  const auto command = parse_command_line(line, variables);
  if (!command) {
    ADD_FAILURE() << command.error().what;
    return {};
  }
  if (const auto* found = std::get_if<Command>(&*command)) return *found;
  ADD_FAILURE() << "parsed as another command";
  return {};
}

std::string problem_of(const words& line, const os::environment& variables = {}) {
  const auto command = parse_command_line(line, variables);
  EXPECT_FALSE(command);
  return command ? "" : command.error().what;
}

/// Empty: `peer` holds no ticket.
std::string ticket_in(const peer_source& peer) {
  const auto* source = std::get_if<daemon::ticket_source>(&peer);
  const auto* ticket = source ? std::get_if<wire::ticket>(source) : nullptr;
  return ticket ? ticket->text() : std::string();
}

TEST(Connect, takes_a_ticket_and_a_service) {
  const auto connect = parsed<connect_command>({"connect", ticket_text, "ssh"});
  EXPECT_EQ(std::get<wire::ticket>(std::get<daemon::ticket_source>(connect.peer)).text(), ticket_text);
  EXPECT_EQ(connect.service, "ssh");
  EXPECT_EQ(parsed<connect_command>({"connect", ticket_text}).service, std::nullopt);
  EXPECT_EQ(parsed<connect_command>({"connect", "ssh"}, {{"GOF_TICKET", ticket_text}}).service, "ssh");
  const auto file = parsed<connect_command>({"connect", "--ticket-file", "/t", "ssh"});
  EXPECT_EQ(std::get<daemon::ticket_file>(std::get<daemon::ticket_source>(file.peer)).path, "/t");
}

TEST(Connect, does_not_read_the_ticket_where_the_data_comes_from) {
  EXPECT_THAT(problem_of({"connect", "-"}), AllOf(HasSubstr("stdin"), HasSubstr("--ticket-file")));
}

TEST(Connect, tells_what_is_missing_or_too_much) {
  EXPECT_THAT(problem_of({"connect"}), HasSubstr("gof connect TICKET"));
  EXPECT_THAT(problem_of({"connect", ticket_text, "ssh", "web"}), HasSubstr("'web'"));
  EXPECT_THAT(problem_of({"connect", join_text}), Not(HasSubstr(join_text)));
}

TEST(Status, takes_its_options) {
  const auto plain = parsed<status_command>({"status"});
  EXPECT_FALSE(plain.watch || plain.check || plain.query.json || plain.query.control);
  const auto all = parsed<status_command>({"status", "--watch", "--json", "--control", "/c"});
  EXPECT_TRUE(all.watch && all.query.json);
  EXPECT_EQ(all.query.control, "/c");
  EXPECT_TRUE(parsed<status_command>({"status", "--check"}).check);
  EXPECT_EQ(parsed<status_command>({"status"}, {{"GOF_CONTROL", "/e"}}).query.control, "/e");
}

TEST(Status, refuses_what_makes_no_sense) {
  EXPECT_THAT(problem_of({"status", "--watch", "--check"}), HasSubstr("contradict"));
  EXPECT_THAT(problem_of({"status", "home"}), HasSubstr("'home'"));
  EXPECT_THAT(problem_of({"status", "--count", "1"}), HasSubstr("--count"));
  EXPECT_THAT(problem_of({"status", "--key", "/k"}), HasSubstr("--key")) << "status reads no key";
}

TEST(Peers, takes_no_argument) {
  EXPECT_TRUE(parsed<peers_command>({"peers", "--json"}).query.json);
  EXPECT_THAT(problem_of({"peers", "home"}), HasSubstr("'home'"));
}

TEST(Ping, takes_a_ticket_or_a_name) {
  EXPECT_EQ(ticket_in(parsed<ping_command>({"ping", ticket_text}).peer), ticket_text);
  EXPECT_EQ(std::get<std::string>(parsed<ping_command>({"ping", "home"}).peer), "home");
  const auto input = parsed<ping_command>({"ping", "-"}).peer;
  EXPECT_TRUE(std::holds_alternative<daemon::standard_input>(std::get<daemon::ticket_source>(input)));
  EXPECT_EQ(ticket_in(parsed<ping_command>({"ping"}, {{"GOF_TICKET", ticket_text}}).peer), ticket_text);
  EXPECT_EQ(std::get<std::string>(parsed<ping_command>({"ping", "home"}, {{"GOF_TICKET", ticket_text}}).peer),
            "home")
      << "the command line overrides the environment";
}

TEST(Ping, has_the_defaults_of_the_contract_and_takes_others) {
  const auto plain = parsed<ping_command>({"ping", "home"});
  EXPECT_EQ(plain.count, std::nullopt);
  EXPECT_EQ(plain.patience, 10s);
  const auto given = parsed<ping_command>({"ping", "-c", "3", "--timeout", "500ms", "home"});
  EXPECT_EQ(given.count, 3u);
  EXPECT_EQ(given.patience, 500ms);
}

TEST(Ping, tells_what_is_wrong) {
  EXPECT_THAT(problem_of({"ping"}), AllOf(HasSubstr("PEER"), HasSubstr("gof peers")));
  EXPECT_THAT(problem_of({"ping", "home", "hut"}), HasSubstr("'hut'"));
  for (const auto* count : {"0", "-1", "x", "1x", "99999999999", ""})
    EXPECT_THAT(problem_of({"ping", "--count", count, "home"}), HasSubstr("--count")) << count;
  EXPECT_THAT(problem_of({"ping", "gof1abc"}), HasSubstr("ticket"));
  EXPECT_THAT(problem_of({"ping", join_text}), Not(HasSubstr(join_text)));
}

TEST(Trace, takes_a_ticket_or_a_name) {
  EXPECT_EQ(ticket_in(parsed<trace_command>({"trace", ticket_text}).peer), ticket_text);
  const auto trace = parsed<trace_command>({"trace", "--timeout=2s", "--json", "home"});
  EXPECT_EQ(std::get<std::string>(trace.peer), "home");
  EXPECT_EQ(trace.patience, 2s);
  EXPECT_TRUE(trace.query.json);
  EXPECT_THAT(problem_of({"trace", "-c", "3", "home"}), HasSubstr("-c"));
}

}  // namespace
}  // namespace gof::cli
