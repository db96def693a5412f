#include "cli/arguments/command_line.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace gof::cli {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using words = std::vector<std::string>;

wire::ticket some_ticket() {
  wire::ticket ticket;
  ticket.issuer.value.fill(1);
  ticket.token.fill(2);
  ticket.services = {{"ssh", 22}};
  ticket.addresses = {{"192.0.2.1", 9999}};
  return ticket;
}

const std::string ticket_text = some_ticket().text();

wire::join_ticket some_join_ticket() {
  wire::join_ticket ticket;
  ticket.issuer.value.fill(3);
  ticket.network_key.fill(4);
  ticket.addresses = {{"192.0.2.1", 9999}};
  return ticket;
}

const std::string join_text = some_join_ticket().text();

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

TEST(Serve, reads_keep_alive_whole_or_its_first_part) {
  const auto given = [](const std::string& text) {
    return parsed<serve_command>({"serve", "22", "--keep-alive", text}).node.keep_alive;
  };
  EXPECT_EQ(given("2m"), (forward::keep_alive{120s, 10s, 6}));
  EXPECT_EQ(given("2s,1s,3"), (forward::keep_alive{2s, 1s, 3}));
  EXPECT_EQ(given("2000ms,1m,127"), (forward::keep_alive{2s, 60s, 127}));
  EXPECT_EQ(given("9h"), (forward::keep_alive{9h, 10s, 6}));
  EXPECT_FALSE(given("0").is_on());
  EXPECT_FALSE(given("0s,1s,3").is_on());
  const os::environment variables{{"GOF_KEEP_ALIVE", "5s,1s,2"}};
  EXPECT_EQ(parsed<forward_command>({"forward", ticket_text}, variables).node.keep_alive,
            (forward::keep_alive{5s, 1s, 2}));
  // A command without local connections has no such option, and ignores the variable.
  parsed<relay_command>({"relay"}, variables);
  EXPECT_THAT(problem_of({"relay", "--keep-alive", "5s"}),
              HasSubstr("'--keep-alive' is no option of gof relay"));
}

TEST(Serve, has_the_defaults_of_the_contract) {
  const auto serve = parsed<serve_command>({"serve", "ssh=22"});
  ASSERT_EQ(serve.services.size(), 1u);
  EXPECT_EQ(serve.services.front().text(), "ssh=localhost:22");
  EXPECT_EQ(serve.node.connect_timeout, 10s);
  EXPECT_EQ(serve.node.survive, 60s);
  EXPECT_EQ(serve.node.keep_alive, (forward::keep_alive{60s, 10s, 6}));
  EXPECT_EQ(serve.node.log.least, log::options::level::info);
  EXPECT_EQ(serve.node.log.lines, log::options::format::text);
  EXPECT_EQ(serve.node.log.colors, log::options::color::automatic);
  EXPECT_FALSE(serve.node.ephemeral);
  EXPECT_EQ(serve.node.name, std::nullopt);
  EXPECT_EQ(serve.node.key, std::nullopt);
  EXPECT_EQ(serve.node.ready_fd, std::nullopt);
  EXPECT_EQ(serve.mesh.network_key, std::nullopt);
  EXPECT_TRUE(serve.address.listen.empty());
}

TEST(Serve, takes_every_option_of_the_contract) {
  const auto serve = parsed<serve_command>({"serve",
                                            "--listen",
                                            "0.0.0.0:9999",
                                            "--listen=[::]:9999",
                                            "--name",
                                            "den",
                                            "--key",
                                            "/k",
                                            "--network-key=/n",
                                            "--connect-timeout",
                                            "500ms",
                                            "web=80",
                                            "--survive=2m",
                                            "-vv",
                                            "--log-format",
                                            "json",
                                            "--color=never",
                                            "--ready-fd",
                                            "3",
                                            "ssh=22"});
  ASSERT_EQ(serve.address.listen.size(), 2u);
  EXPECT_EQ(serve.address.listen[0].text(), "0.0.0.0:9999");
  EXPECT_EQ(serve.address.listen[1].text(), "[::]:9999");
  EXPECT_EQ(serve.node.name, "den");
  EXPECT_EQ(serve.node.key, "/k");
  EXPECT_EQ(serve.mesh.network_key, "/n");
  EXPECT_EQ(serve.node.connect_timeout, 500ms);
  EXPECT_EQ(serve.node.survive, 2min);
  EXPECT_EQ(serve.node.log.least, log::options::level::trace);
  EXPECT_EQ(serve.node.log.lines, log::options::format::json);
  EXPECT_EQ(serve.node.log.colors, log::options::color::never);
  EXPECT_EQ(serve.node.ready_fd, 3);
  EXPECT_EQ(serve.services.size(), 2u) << "options and arguments may be mixed";
}

TEST(Serve, takes_everything_behind_two_dashes_as_an_argument) {
  EXPECT_THAT(problem_of({"serve", "--", "--key"}), HasSubstr("'--key': not a target"));
  EXPECT_EQ(parsed<serve_command>({"serve", "--", "22"}).services.size(), 1u);
  EXPECT_THAT(problem_of({"serve", "--", "-h"}), HasSubstr("'-h': not a target"));
}

TEST(Forward, takes_a_ticket_from_the_command_line_a_file_stdin_or_the_environment) {
  const auto word = parsed<forward_command>({"forward", ticket_text, "2222:ssh"});
  EXPECT_EQ(std::get<wire::ticket>(std::get<daemon::ticket_source>(word.peer)), some_ticket());
  EXPECT_EQ(word.specs.size(), 1u);

  const auto file = parsed<forward_command>({"forward", "--ticket-file", "/t", "2222:ssh"});
  EXPECT_EQ(std::get<daemon::ticket_file>(std::get<daemon::ticket_source>(file.peer)).path, "/t");
  EXPECT_EQ(file.specs.size(), 1u);

  const auto input = parsed<forward_command>({"forward", "-", "2222:ssh"});
  EXPECT_TRUE(std::holds_alternative<daemon::standard_input>(std::get<daemon::ticket_source>(input.peer)));
  EXPECT_EQ(input.specs.size(), 1u);

  const auto variable = parsed<forward_command>({"forward", "2222:ssh"}, {{"GOF_TICKET", ticket_text}});
  EXPECT_EQ(std::get<wire::ticket>(std::get<daemon::ticket_source>(variable.peer)), some_ticket());
  EXPECT_EQ(variable.specs.size(), 1u);

  const auto both = parsed<forward_command>({"forward", "2222:ssh"}, {{"GOF_TICKET_FILE", "/t"}});
  EXPECT_EQ(std::get<daemon::ticket_file>(std::get<daemon::ticket_source>(both.peer)).path, "/t");
}

TEST(Forward, takes_the_ticket_of_the_command_line_before_that_of_the_environment) {
  const os::environment variables = {{"GOF_TICKET", "nonsense"}, {"GOF_TICKET_FILE", "/t"}};
  EXPECT_TRUE(std::holds_alternative<wire::ticket>(
      std::get<daemon::ticket_source>(parsed<forward_command>({"forward", ticket_text}, variables).peer)));
  EXPECT_TRUE(std::holds_alternative<daemon::standard_input>(
      std::get<daemon::ticket_source>(parsed<forward_command>({"forward", "-"}, variables).peer)));
  const auto file = parsed<forward_command>({"forward", "--ticket-file=/u"}, variables);
  EXPECT_EQ(std::get<daemon::ticket_file>(std::get<daemon::ticket_source>(file.peer)).path, "/u");
}

TEST(Forward, takes_lines_of_ssh) {
  const auto forward =
      parsed<forward_command>({"forward", ticket_text, "-L", "8080:db.lan:5432", "-L8081:ssh", "8082:ssh"});
  ASSERT_EQ(forward.specs.size(), 3u);
  EXPECT_EQ(forward.specs[0].local.port, 8082);
  EXPECT_EQ(forward.specs[1].local.port, 8080);
  EXPECT_EQ(forward.specs[2].local.port, 8081);
}

TEST(Forward, needs_no_spec) {
  EXPECT_TRUE(parsed<forward_command>({"forward", ticket_text}).specs.empty());
}

TEST(Relay, has_the_defaults_of_the_contract) {
  const auto relay = parsed<relay_command>({"relay"});
  EXPECT_TRUE(relay.address.listen.empty());
  EXPECT_FALSE(relay.address.no_listen);
  EXPECT_TRUE(relay.address.advertise.empty());
  EXPECT_TRUE(relay.mesh.join.empty());
  EXPECT_EQ(relay.mesh.network_key, std::nullopt);
  EXPECT_EQ(relay.node.connect_timeout, 10s);
}

TEST(Relay, takes_what_node_commands_take) {
  const auto relay = parsed<relay_command>({"relay", "--listen=[::]:7", "--advertise", "relay.example:9999",
                                            "--advertise=192.0.2.1:1", "--key=/k", "--network-key=/n",
                                            "--name", "hub", "--join=192.0.2.9:9999", "-q"});
  ASSERT_EQ(relay.address.listen.size(), 1u);
  EXPECT_EQ(relay.address.listen[0].text(), "[::]:7");
  ASSERT_EQ(relay.address.advertise.size(), 2u);
  EXPECT_EQ(relay.address.advertise[0].text(), "relay.example:9999");
  EXPECT_EQ(relay.mesh.network_key, "/n");
  EXPECT_EQ(relay.node.key, "/k");
  EXPECT_EQ(relay.node.name, "hub");
  ASSERT_EQ(relay.mesh.join.size(), 1u);
  EXPECT_EQ(std::get<wire::address>(relay.mesh.join[0]).text(), "192.0.2.9:9999");
}

TEST(Join, is_a_ticket_an_address_a_file_or_stdin_and_repeats) {
  const auto serve = parsed<serve_command>(
      {"serve", "--join", join_text, "--join=h:1", "22", "--join", "-", "--ticket-file", "/t"});
  ASSERT_EQ(serve.mesh.join.size(), 4u);
  EXPECT_EQ(std::get<wire::join_ticket>(serve.mesh.join[0]), some_join_ticket());
  EXPECT_EQ(std::get<wire::address>(serve.mesh.join[1]).text(), "h:1");
  EXPECT_TRUE(std::holds_alternative<daemon::standard_input>(serve.mesh.join[2]));
  EXPECT_EQ(std::get<daemon::ticket_file>(serve.mesh.join[3]).path, "/t");
}

TEST(Join, comes_from_the_environment_joined_by_commas) {
  const os::environment variables = {{"GOF_JOIN", join_text + ",h:1"}, {"GOF_ADVERTISE", "a:1,b:2"}};
  const auto relay = parsed<relay_command>({"relay"}, variables);
  ASSERT_EQ(relay.mesh.join.size(), 2u);
  EXPECT_EQ(std::get<wire::join_ticket>(relay.mesh.join[0]), some_join_ticket());
  EXPECT_EQ(relay.address.advertise.size(), 2u);
  EXPECT_EQ(parsed<relay_command>({"relay", "--join", "x:1"}, variables).mesh.join.size(), 1u);
}

TEST(Join, makes_a_member_of_forward_which_else_leaves_network_keys_alone) {
  const os::environment variables = {{"GOF_NETWORK_KEY", "/n"}};
  const auto guest = parsed<forward_command>({"forward", ticket_text}, variables);
  EXPECT_TRUE(guest.mesh.join.empty());
  EXPECT_EQ(guest.mesh.network_key, std::nullopt);
  const auto member = parsed<forward_command>({"forward", ticket_text, "--join", "h:1"}, variables);
  EXPECT_EQ(member.mesh.join.size(), 1u);
  EXPECT_EQ(member.mesh.network_key, "/n");
}

TEST(Join, host_that_begins_like_a_ticket_is_a_host) {
  const auto relay = parsed<relay_command>({"relay", "--join", "gof1.example:9999"});
  EXPECT_EQ(std::get<wire::address>(relay.mesh.join[0]).host, "gof1.example");
}

TEST(NoListen, is_for_who_joins) {
  EXPECT_TRUE(parsed<serve_command>({"serve", "22", "--no-listen", "--join=h:1"}).address.no_listen);
  EXPECT_THAT(problem_of({"serve", "22", "--no-listen"}), HasSubstr("--no-listen without --join"));
  EXPECT_THAT(problem_of({"relay", "--no-listen", "--listen=h:1", "--join=h:1"}), HasSubstr("contradict"));
}

TEST(NoListen, and_listen_agree_with_the_environment) {
  const auto off =
      parsed<serve_command>({"serve", "22", "--no-listen", "--join=h:1"}, {{"GOF_LISTEN", "h:2"}});
  EXPECT_TRUE(off.address.no_listen);
  EXPECT_TRUE(off.address.listen.empty());
  const auto on = parsed<serve_command>({"serve", "22", "--listen=h:2"}, {{"GOF_NO_LISTEN", "1"}});
  EXPECT_FALSE(on.address.no_listen);
  EXPECT_EQ(on.address.listen.size(), 1u);
}

TEST(Id, takes_a_key_and_json) {
  const auto id = parsed<id_command>({"id", "--key", "/k", "--json"});
  EXPECT_EQ(id.key, "/k");
  EXPECT_TRUE(id.json);
  EXPECT_FALSE(parsed<id_command>({"id"}).json);
}

TEST(Ticket, shows_replaces_or_explains) {
  const auto show = parsed<ticket_command>({"ticket", "--show"});
  EXPECT_EQ(std::get<ticket_command::show>(show.action).name, std::nullopt);
  const auto named = parsed<ticket_command>({"ticket", "--show", "ssh", "--json"});
  EXPECT_EQ(std::get<ticket_command::show>(named.action).name, "ssh");
  EXPECT_TRUE(named.json);
  const auto replace = parsed<ticket_command>({"ticket", "ssh,web", "--new", "--key=/k"});
  EXPECT_EQ(std::get<ticket_command::replace>(replace.action).name, "ssh,web");
  EXPECT_EQ(replace.key, "/k");
  const auto word = parsed<ticket_command>({"ticket", ticket_text});
  EXPECT_EQ(std::get<wire::ticket>(std::get<ticket_command::explain>(word.action).ticket), some_ticket());
  const auto input = parsed<ticket_command>({"ticket", "-"});
  EXPECT_TRUE(
      std::holds_alternative<daemon::standard_input>(std::get<ticket_command::explain>(input.action).ticket));
  const auto join = parsed<ticket_command>({"ticket", join_text});
  EXPECT_EQ(std::get<wire::join_ticket>(std::get<ticket_command::explain>(join.action).ticket),
            some_join_ticket());
  const auto file = parsed<ticket_command>({"ticket", "--ticket-file", "/t"});
  EXPECT_EQ(std::get<daemon::ticket_file>(std::get<ticket_command::explain>(file.action).ticket).path, "/t");
}

TEST(Help, is_asked_for_anywhere_and_whatever_else_is_wrong) {
  const struct {
    words line;
    std::optional<verb> about;
    bool full;
  } cases[] = {
      {{"-h"}, std::nullopt, false},
      {{"--help"}, std::nullopt, true},
      {{"help"}, std::nullopt, true},
      {{"help", "serve"}, verb::serve, true},
      {{"serve", "-h"}, verb::serve, false},
      {{"serve", "--help"}, verb::serve, true},
      {{"forward", "--nonsense", "x", "--help"}, verb::forward, true},
      {{"id", "-h", "--json"}, verb::id, false},
      {{"ticket", "--help"}, verb::ticket, true},
      {{"serve", "-vh", "22"}, verb::serve, false},
  };
  for (const auto& c : cases) {
    const auto help = parsed<help_command>(c.line);
    EXPECT_EQ(help.about, c.about);
    EXPECT_EQ(help.full, c.full);
  }
  parsed<version_command>({"--version"});
  parsed<version_command>({"serve", "--version"});
}

TEST(Environment, sets_what_the_command_line_does_not) {
  const os::environment variables = {{"GOF_LISTEN", "127.0.0.1:1,[::1]:2"},
                                     {"GOF_NAME", "den"},
                                     {"GOF_KEY", "/k"},
                                     {"GOF_NETWORK_KEY", "/n"},
                                     {"GOF_CONNECT_TIMEOUT", "5"},
                                     {"GOF_SURVIVE", "1h"},
                                     {"GOF_LOG_LEVEL", "warn"},
                                     {"GOF_LOG_FORMAT", "json"},
                                     {"GOF_COLOR", "always"},
                                     {"GOF_READY_FD", "7"},
                                     {"GOF_UNKNOWN", "x"},
                                     {"GOF_EPHEMERAL", "0"}};
  const auto set = parsed<serve_command>({"serve", "22"}, variables);
  ASSERT_EQ(set.address.listen.size(), 2u);
  EXPECT_EQ(set.address.listen[1].text(), "[::1]:2");
  EXPECT_EQ(set.node.name, "den");
  EXPECT_EQ(set.node.key, "/k");
  EXPECT_EQ(set.mesh.network_key, "/n");
  EXPECT_EQ(set.node.connect_timeout, 5s);
  EXPECT_EQ(set.node.survive, 1h);
  EXPECT_EQ(set.node.log.least, log::options::level::warning);
  EXPECT_EQ(set.node.log.lines, log::options::format::json);
  EXPECT_EQ(set.node.log.colors, log::options::color::always);
  EXPECT_EQ(set.node.ready_fd, 7);

  const auto over =
      parsed<serve_command>({"serve", "22", "--listen", "h:3", "--name=a", "--survive=1", "-v"}, variables);
  ASSERT_EQ(over.address.listen.size(), 1u);
  EXPECT_EQ(over.address.listen[0].text(), "h:3");
  EXPECT_EQ(over.node.name, "a");
  EXPECT_EQ(over.node.survive, 1s);
  EXPECT_EQ(over.node.log.least, log::options::level::debug) << "-v overrides GOF_LOG_LEVEL";
}

TEST(Environment, counts_as_unset_when_empty) {
  const auto serve =
      parsed<serve_command>({"serve", "22"}, {{"GOF_SURVIVE", ""}, {"GOF_KEY", ""}, {"GOF_TICKET", ""}});
  EXPECT_EQ(serve.node.survive, 60s);
  EXPECT_EQ(serve.node.key, std::nullopt);
}

TEST(Environment, leaves_other_commands_alone) {
  parsed<id_command>({"id"}, {{"GOF_SURVIVE", "nonsense"}, {"GOF_LISTEN", "nonsense"}, {"GOF_TICKET", "x"}});
}

TEST(Environment, and_command_line_agree_on_the_identity) {
  const auto ephemeral = parsed<serve_command>({"serve", "22", "--ephemeral"}, {{"GOF_KEY", "/k"}});
  EXPECT_TRUE(ephemeral.node.ephemeral);
  EXPECT_EQ(ephemeral.node.key, std::nullopt);
  const auto key = parsed<serve_command>({"serve", "22", "--key", "/k"}, {{"GOF_EPHEMERAL", "yes"}});
  EXPECT_FALSE(key.node.ephemeral);
  EXPECT_EQ(key.node.key, "/k");
  EXPECT_THAT(problem_of({"serve", "22", "--key", "/k", "--ephemeral"}), HasSubstr("contradict"));
}

TEST(Log, level_is_what_was_said_loudest_or_exactly) {
  using level = log::options::level;
  const std::pair<words, level> cases[] = {
      {{}, level::info},
      {{"-v"}, level::debug},
      {{"-v", "-v"}, level::trace},
      {{"-vvv"}, level::trace},
      {{"--verbose"}, level::debug},
      {{"-q"}, level::warning},
      {{"-qq"}, level::error},
      {{"--log-level", "error"}, level::error},
      {{"--log-level=trace"}, level::trace},
      {{"--log-level", "warn", "-v"}, level::warning},
      {{"--log-level", "warn", "--log-level", "debug"}, level::debug},
  };
  for (const auto& [options, least] : cases) {
    words line = {"serve", "22"};
    line.insert(line.end(), options.begin(), options.end());
    EXPECT_EQ(parsed<serve_command>(line).node.log.least, least) << testing::PrintToString(options);
  }
}

TEST(CommandLine, says_what_is_wrong_and_what_to_write) {
  const struct {
    words line;
    std::string what;
  } cases[] = {
      {{}, "no command\nusage: gof COMMAND"},
      {{"srve"}, "unknown command 'srve'; did you mean gof serve?"},
      {{"forwrad"}, "did you mean gof forward?"},
      {{"tickets"}, "did you mean gof ticket?"},
      {{"xyzzy"}, "unknown command 'xyzzy'; gof -h lists them"},
      {{""}, "unknown command ''"},
      {{"SERVE"}, "unknown command 'SERVE'"},
      {{"help", "srve"}, "did you mean gof serve?"},
      {{"--survive=1"}, "no command after '--survive'; gof -h lists them"},
      {{"-v"}, "no command after '-v'"},
      {{"-v", "srve", "22"}, "no command after '-v'"},
      {{"-x", "serve", "22"}, "unknown option '-x'"},
      {{ticket_text}, "unknown command"},
      {{"-"}, "no command before the ticket"},
      {{"serve"}, "nothing to serve; write a TARGET"},
      {{"serve", "--srvive", "1", "22"}, "unknown option '--srvive'; did you mean --survive?"},
      {{"serve", "--listne=h:1", "22"}, "did you mean --listen?"},
      {{"serve", "--xyzzy", "22"}, "unknown option '--xyzzy'; gof serve -h lists them"},
      {{"serve", "--surv", "1", "22"}, "unknown option '--surv'; did you mean --survive?"},
      {{"serve", "-x", "22"}, "unknown option '-x'"},
      {{"serve", "--show", "22"}, "'--show' is no option of gof serve"},
      {{"forward", "--listen", "h:1", ticket_text}, "--listen without --join"},
      {{"forward", "--network-key", "f", ticket_text}, "--network-key without --join"},
      {{"forward", "--advertise", "h:1", ticket_text}, "--advertise without --listen"},
      {{"forward", join_text, "2222:ssh"}, "this is a join ticket, which makes members of a mesh"},
      {{"forward", ticket_text, "--join", ticket_text}, "--join: this is a service ticket"},
      {{"relay", "--join", ticket_text}, "--join: this is a service ticket, which opens services"},
      {{"relay", "--join", "gof1abc"}, "--join: the ticket is damaged"},
      {{"relay", "--join", "hub"},
       "--join: 'hub': no port; write HOST:PORT; or a join ticket, which gof relay prints, or "
       "ticket-file=FILE"},
      {{"relay", "--join", "hub:0"}, "--join: 'hub:0': nobody is reached on port 0"},
      {{"relay", "--join"}, "--join needs TICKET|HOST:PORT behind it"},
      {{"relay", "--advertise", "hub"}, "--advertise 'hub': no port"},
      {{"relay", "--advertise", "hub:0"}, "--advertise 'hub:0': nobody"},
      {{"relay", "--advertise=a:1", "--advertise=a:2", "--advertise=a:3", "--advertise=a:4",
        "--advertise=a:5"},
       "--advertise: a ticket has room for 4 addresses"},
      {{"relay", "22"}, "'22': gof relay takes no argument"},
      {{"rely"}, "did you mean gof relay?"},
      {{"id", "--survive", "1"}, "'--survive' is no option of gof id"},
      {{"serve", "22", "--key"}, "--key needs FILE behind it"},
      {{"serve", "22", "--key="}, "--key needs FILE behind it"},
      {{"serve", "22", "--key", ""}, "--key '': not the name of a file"},
      {{"serve", "22", "--survive"}, "--survive needs TIME behind it"},
      {{"serve", "22", "--ephemeral=1"}, "--ephemeral takes no value"},
      {{"serve", "22", "--survive", "x"},
       "--survive 'x': not a time from 1ms to 24h; write 500ms, 10s, 2m or 1h"},
      {{"serve", "22", "--survive", "0"}, "--survive '0': not a time"},
      {{"serve", "22", "--survive=-1"}, "--survive '-1': not a time"},
      {{"serve", "22", "--connect-timeout", "25h"}, "--connect-timeout '25h': not a time"},
      {{"serve", "22", "--keep-alive", ""},
       "--keep-alive '': TIME '' is not a time in whole seconds from 1s to 9h, or 0 for never"},
      {{"serve", "22", "--keep-alive", "500ms"}, "TIME '500ms' is not a time in whole seconds"},
      {{"serve", "22", "--keep-alive=-1"}, "TIME '-1' is not a time"},
      {{"serve", "22", "--keep-alive", "10h"}, "TIME '10h' is not a time"},
      {{"serve", "22", "--keep-alive", "60s,10s"},
       "--keep-alive '60s,10s': write TIME or TIME,INTERVAL,COUNT, such as 60s,10s,6"},
      {{"serve", "22", "--keep-alive", "60s,10s,6,1"}, "write TIME or TIME,INTERVAL,COUNT"},
      {{"serve", "22", "--keep-alive", "60s,0,6"},
       "--keep-alive '60s,0,6': INTERVAL '0' is not a time in whole seconds from 1s to 9h"},
      {{"serve", "22", "--keep-alive", "60s,x,6"}, "INTERVAL 'x' is not a time"},
      {{"serve", "22", "--keep-alive", "60s,10s,0"},
       "--keep-alive '60s,10s,0': COUNT '0' is not a number from 1 to 127"},
      {{"serve", "22", "--keep-alive", "60s,10s,128"}, "COUNT '128' is not a number"},
      {{"serve", "22", "--keep-alive", "60s,10s,6x"}, "COUNT '6x' is not a number"},
      {{"serve", "22", "--keep-alive", "0,10s,-1"}, "COUNT '-1' is not a number"},
      {{"serve", "22", "--log-level", "loud"},
       "--log-level 'loud': it is one of error, warn, info, debug, trace"},
      {{"serve", "22", "--log-format", "xml"}, "--log-format 'xml': it is one of text, json"},
      {{"serve", "22", "--color", "yes"}, "--color 'yes': it is one of auto, always, never"},
      {{"serve", "22", "-v", "-q"}, "-v and -q contradict each other"},
      {{"serve", "22", "--ready-fd", "1"}, "--ready-fd '1': not the number of a descriptor from 3 on"},
      {{"serve", "22", "--ready-fd", "x"}, "--ready-fd 'x'"},
      {{"serve", "22", "--ready-fd", "99999999999"}, "--ready-fd '99999999999'"},
      {{"serve", "22", "--name", "a b"}, "--name 'a b': a peer's name is of letters"},
      {{"serve", "22", "--name", ""}, "--name ''"},
      {{"serve", "22", "--name", std::string(64, 'n')}, "63 at most"},
      {{"serve", "22", "--name=-x"}, "no '-' first"},
      {{"serve", "22", "--name", "gof1abc"}, "'gof1' begins a ticket"},
      {{"serve", "22", "--listen", "9999"}, "--listen '9999': no port; write HOST:PORT"},
      {{"serve", "22", "--listen", "::1:99"}, "--listen '::1:99'"},
      {{"serve", "22", "--listen", "h:99999"}, "'99999' is not a port"},
      {{"serve", "22", "db:22"}, "'db:22': there is a service '22' already"},
      {{"serve", "ssh"}, "'ssh': a target is a port or an address; did you mean ssh=22?"},
      {{"serve", "sshd"}, "'sshd': not a target"},
      {{"forward"}, "no ticket; write the one that gof serve printed"},
      {{"forward", "2222:ssh"}, "'2222:ssh' is neither a ticket nor the id of a peer"},
      {{"forward", "home", "2222:ssh"}, "'home' is neither a ticket nor the id of a peer"},
      {{"forward", ticket_text, "ssh"}, "'ssh': no LOCAL"},
      {{"forward", ticket_text, "-L", "x:y"}, "'x:y': 'y' is not a port"},
      {{"forward", ticket_text, "-L"}, "-L needs SPEC behind it"},
      {{"forward", ticket_text, "--ticket-file", "f"}, "two tickets"},
      {{"forward", "-", "--ticket-file", "f"}, "two tickets"},
      {{"forward", "--ticket-file", "f", "home"}, "'home': no LOCAL"},
      {{"id", "x"}, "'x': gof id takes no argument"},
      {{"ticket"}, "no ticket; write one, - (stdin), --show or --new"},
      {{"ticket", "ssh"}, "'ssh' is not a ticket"},
      {{"ticket", "--show", "--new"}, "--show and --new contradict each other"},
      {{"ticket", "--show", "a", "b"}, "'b': --show takes one NAME"},
      {{"ticket", "--new", "-"}, "--new takes the NAME of a service, not a ticket"},
      {{"ticket", "--show", "--ticket-file=f"}, "--show and --ticket-file contradict each other"},
      {{"ticket", ticket_text, "x"}, "'x': gof ticket explains one ticket at a time"},
      {{"ticket", "--show=ssh"}, "--show takes no value"},
  };
  for (const auto& c : cases)
    EXPECT_THAT(problem_of(c.line), HasSubstr(c.what)) << testing::PrintToString(c.line);
}

TEST(CommandLine, names_the_variable_that_is_wrong) {
  const struct {
    std::string name;
    std::string text;
    std::string what;
  } cases[] = {
      {"GOF_SURVIVE", "x", "GOF_SURVIVE='x': not a time"},
      {"GOF_EPHEMERAL", "maybe", "GOF_EPHEMERAL='maybe' is neither 1 nor 0"},
      {"GOF_LOG_LEVEL", "loud", "GOF_LOG_LEVEL='loud': it is one of"},
      {"GOF_READY_FD", "x", "GOF_READY_FD='x'"},
      {"GOF_LISTEN", "h:1,x", "GOF_LISTEN 'x': no port"},
      {"GOF_NAME", "a b", "GOF_NAME='a b'"},
  };
  for (const auto& c : cases) EXPECT_THAT(problem_of({"serve", "22"}, {{c.name, c.text}}), HasSubstr(c.what));
  EXPECT_THAT(problem_of({"forward", "2222:ssh"}, {{"GOF_TICKET", "gof1x"}}),
              HasSubstr("GOF_TICKET: the ticket is damaged"));
}

TEST(CommandLine, never_repeats_a_ticket) {
  auto mistyped = ticket_text;
  mistyped[40] = mistyped[40] == 'a' ? 'b' : 'a';
  const auto secret = mistyped.substr(6, 20);
  for (const words& line : {words{"forward", mistyped},
                            {"ticket", mistyped},
                            {"forward", ticket_text, mistyped},
                            {"serve", mistyped},
                            {mistyped},
                            {"--" + mistyped, "serve"},
                            {"ticket", "--show", "a", mistyped},
                            {"id", mistyped},
                            {"id", "--key", mistyped},
                            {"serve", "22", "--network-key", mistyped},
                            {"forward", "ticket-file=" + mistyped},
                            {"relay", "--join", "ticket-file=" + mistyped},
                            {"forward", "--" + mistyped},
                            {"serve", "22", "--name", mistyped},
                            {"serve", "22", "--join", mistyped},
                            {"serve", "22", "--join", "x" + mistyped},
                            {"relay", mistyped},
                            {"relay", "--advertise", mistyped}})
    EXPECT_THAT(problem_of(line), Not(HasSubstr(secret))) << line.front();
  EXPECT_THAT(problem_of({"forward", mistyped}), HasSubstr("checksum"));
  EXPECT_THAT(problem_of({"forward", ticket_text.substr(0, 50)}), HasSubstr("the ticket is damaged"));
}

}  // namespace
}  // namespace gof::cli
