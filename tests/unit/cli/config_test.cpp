#include "cli/arguments/command_line.hpp"

#include <gmock/gmock.h>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using enum daemon::exit_code;
using namespace std::chrono_literals;
using testing::HasSubstr;
using words = std::vector<std::string>;

const std::string id_text(52, 'a');  // any 52 letters of base32 are a peer's id

std::string ticket_text() {
  wire::ticket ticket;
  ticket.issuer.value.fill(1);
  ticket.services = {{"ssh", 22}};
  ticket.addresses = {{"192.0.2.1", 9999}};
  return ticket.text();
}

/// A single file, found under its own name only: the standard one, or my.conf.
struct Files {
  std::string text;
  bool standard = true;

  config_reader reader() const {
    return {"std.conf",
            [this](const std::filesystem::path& path) -> outcome<std::optional<config::configuration>> {
              if (path != (standard ? "std.conf" : "my.conf")) return std::optional<config::configuration>();
              auto read = config::parse_configuration(text, path.string());
              if (!read) return failure{bad_file, read.error().what};
              return std::optional(std::move(*read));
            }};
  }
  template <class Command>
  Command parsed(const words& line, const os::environment& variables = {}) const {
    const auto command = parse_command_line(line, variables, reader());
    if (!command) {
      ADD_FAILURE() << command.error().what;
      return {};
    }
    if (const auto* found = std::get_if<Command>(&*command)) return *found;
    ADD_FAILURE() << "parsed as another command";
    return {};
  }
  failure wrong(const words& line, const os::environment& variables = {}) const {
    const auto command = parse_command_line(line, variables, reader());
    EXPECT_FALSE(command);
    return command ? failure{} : command.error();
  }
};

TEST(Config, gives_what_neither_command_line_nor_environment_does) {
  const Files files{"[node]\nsurvive = 5s\nname = file\nconnect-timeout = 7s\n"};
  const auto serve = files.parsed<serve_command>({"serve", "22", "--name", "line"}, {{"GOF_SURVIVE", "6s"}});
  EXPECT_EQ(serve.node.name, "line");
  EXPECT_EQ(serve.node.survive, 6s);
  EXPECT_EQ(serve.node.connect_timeout, 7s);
}

TEST(Config, of_one_node_is_for_run_unless_the_file_is_named) {
  const std::string text = "[node]\nlisten = 127.0.0.1:7000\ncontrol = /run/one.sock\n";
  const Files standard{text};
  EXPECT_TRUE(standard.parsed<serve_command>({"serve", "22"}).address.listen.empty());
  EXPECT_FALSE(standard.parsed<serve_command>({"serve", "22"}).node.control);
  EXPECT_EQ(standard.parsed<run_command>({"run"}).address.listen.size(), 1u);
  const Files named{text, false};
  EXPECT_EQ(named.parsed<serve_command>({"serve", "22", "--config", "my.conf"}).address.listen.size(), 1u);
  EXPECT_EQ(named.parsed<relay_command>({"relay"}, {{"GOF_CONFIG", "my.conf"}}).address.listen.size(), 1u);
}

TEST(Config, names_the_part_of_keep_alive_that_is_wrong) {
  const Files good{"[node]\nkeep-alive = 5s,1s,2\n"};
  EXPECT_EQ(good.parsed<serve_command>({"serve", "22"}).node.keep_alive, (forward::keep_alive{5s, 1s, 2}));
  good.parsed<relay_command>({"relay"});
  const Files bad{"[node]\nkeep-alive = 5s,1s,many\n"};
  const auto wrong = bad.wrong({"serve", "22"});
  EXPECT_EQ(wrong.code, bad_file);
  EXPECT_EQ(wrong.what, "std.conf:2: keep-alive = '5s,1s,many': COUNT 'many' is not a number from 1 to 127");
}

TEST(Config, flags_are_true_or_false) {
  const Files on{"[node]\nephemeral = true\n"};
  EXPECT_TRUE(on.parsed<serve_command>({"serve", "22"}).node.ephemeral);
  const Files off{"[node]\nephemeral = no\n"};
  EXPECT_FALSE(off.parsed<serve_command>({"serve", "22"}).node.ephemeral);
  const Files odd{"[node]\nephemeral = perhaps\n"};
  EXPECT_EQ(odd.wrong({"serve", "22"}).what, "std.conf:2: ephemeral = 'perhaps' is neither true nor false");
}

TEST(Config, gives_way_where_two_options_exclude_each_other) {
  const Files files{"[node]\nkey = /k\n"};
  EXPECT_TRUE(files.parsed<serve_command>({"serve", "22"}, {{"GOF_EPHEMERAL", "1"}}).node.ephemeral);
  const Files both{"[node]\nkey = /k\nephemeral = 1\n"};
  const auto wrong = both.wrong({"serve", "22"});
  EXPECT_EQ(wrong.code, bad_file);
  EXPECT_EQ(wrong.what, "std.conf:3: ephemeral and std.conf:2: key contradict each other");
}

TEST(Config, run_does_all_that_stands_there) {
  const Files files{
      "[serve ssh]\ntarget = 22\nallow = friend\n[forward db]\npeer = ticket-file=/t\nlisten = 5432\n"
      "service = db\n[forward web]\npeer = friend\nlisten = 8080:web\n[alias friend]\npeer = " +
          id_text + "\n[node]\njoin = relay.example:9999\n",
      false};
  const auto run = files.parsed<run_command>({"run", "my.conf", "--allow", id_text + "=web,ssh"});
  ASSERT_EQ(run.what.serves.size(), 1u);
  EXPECT_EQ(run.what.serves[0].at(0).text(), "ssh=localhost:22");
  const auto friends = std::set<gof::peer>{*gof::peer::parse(id_text)};
  EXPECT_EQ(run.what.allow.at("ssh"), friends);
  EXPECT_EQ(run.what.allow.at("web"), friends);
  ASSERT_EQ(run.what.forwards.size(), 2u);
  EXPECT_EQ(std::get<daemon::ticket_file>(std::get<daemon::ticket_source>(run.what.forwards[0].peer)).path,
            "/t");
  EXPECT_EQ(run.what.forwards[0].place, "my.conf:4: ");
  EXPECT_EQ(std::get<gof::peer>(run.what.forwards[1].peer).text(), id_text);
  ASSERT_TRUE(run.file);
  EXPECT_EQ(run.file->path, "my.conf");
  EXPECT_EQ(run.mesh.join.size(), 1u);
}

TEST(Config, that_is_wrong_ends_every_command_with_78_and_its_place) {
  const std::pair<const char*, const char*> cases[] = {
      {"[node]\nsurvive = soon\n", "std.conf:2: survive = 'soon': not a time"},
      {"[node]\nsurvive = 1s\nsurvive = 2s\n", "std.conf:3: survive stands in [node] twice"},
      {"[node]\nsurvvie = 1s\n", "std.conf:2: unknown key 'survvie' in [node]; did you mean survive?"},
      {"[node]\nhelp = 1\n", "std.conf:2: unknown key 'help' in [node]"},
      {"[node]\nconfig = x\n", "std.conf:2: unknown key 'config' in [node]"},
      {"[node]\nticket-file = x\n", "std.conf:2: unknown key 'ticket-file' in [node]"},
      {"[node]\njoin = ticket-file=\n", "std.conf:2: join: ticket-file= without the name of a file"},
      {"[node]\nallow = x\n", "std.conf:2: allow: 'x' is neither"},
      {"[node]\njoin = nowhere\n", "std.conf:2: join: "},
      {"[serve a]\ntarget = 1\nallow = nobody\n",
       "std.conf:3: 'nobody' is neither a ticket, nor the id of a peer, nor an alias in std.conf"},
      {"[forward a]\npeer = gof1x\nlisten = 1\n", "std.conf:2: "},
      {"[forward a]\npeer = ticket-file=\nlisten = 1\n",
       "std.conf:2: ticket-file= without the name of a file"},
      {"[alias a]\npeer = b\n[alias b]\npeer = c\n[forward x]\npeer = a\nlisten = 1\n",
       "std.conf:6: std.conf:2: 'b' is neither a ticket nor the id of a peer"},
  };
  for (const auto& [text, told] : cases) {
    const Files files{text};
    const auto wrong = files.wrong({"serve", "22"});
    EXPECT_EQ(wrong.code, bad_file) << text;
    EXPECT_THAT(wrong.what, testing::StartsWith(told)) << text;
  }
  const auto unreached = Files{"[node]\nno-listen = 1\n"}.wrong({"run"});
  EXPECT_EQ(unreached.code, bad_file);
  EXPECT_THAT(unreached.what, testing::StartsWith("std.conf:2: no-listen without --join"));
}

TEST(Config, that_is_missing_is_told_where_it_was_asked_for) {
  const Files none{"", false};
  EXPECT_TRUE(parse_command_line(words{"serve", "22"}, {}, none.reader()));
  EXPECT_EQ(none.wrong({"serve", "22", "--config", "other"}).code, bad_file);
  const auto run = none.wrong({"run"});
  EXPECT_EQ(run.code, bad_file);
  EXPECT_THAT(run.what, HasSubstr("std.conf: there is no such file; write it, as gof.conf(5) tells"));
  EXPECT_EQ(none.wrong({"run", "a", "b"}).code, bad_command_line);
  EXPECT_EQ(none.wrong({"run", "my.conf", "--config=my.conf"}).code, bad_command_line);
}

TEST(Config, aliases_stand_for_peers_everywhere) {
  const Files files{"[alias home]\npeer = " + ticket_text() +
                    "\n[alias work]\npeer = ticket-file=/w\n[alias id]\npeer = " + id_text + "\n"};
  EXPECT_TRUE(std::holds_alternative<wire::ticket>(
      std::get<daemon::ticket_source>(files.parsed<forward_command>({"forward", "home", "2222:ssh"}).peer)));
  EXPECT_EQ(std::get<daemon::ticket_file>(std::get<daemon::ticket_source>(
                                              files.parsed<connect_command>({"connect", "work", "ssh"}).peer))
                .path,
            "/w");
  EXPECT_EQ(std::get<std::string>(files.parsed<ping_command>({"ping", "id"}).peer), id_text);
  EXPECT_TRUE(
      std::holds_alternative<daemon::ticket_source>(files.parsed<trace_command>({"trace", "home"}).peer));
  EXPECT_EQ(std::get<std::string>(files.parsed<ping_command>({"ping", "somebody"}).peer), "somebody");
  EXPECT_THAT(files.wrong({"forward", "hme", "2222"}).what, HasSubstr("nor an alias in std.conf"));
  EXPECT_THAT(files.wrong({"connect", "id"}).what, HasSubstr("add --join"));
}

TEST(Allow, names_peers_and_their_services) {
  const Files files{""};
  const auto all = files.parsed<serve_command>({"serve", "ssh=22", "--allow", id_text});
  EXPECT_EQ(all.allow.at("*").size(), 1u);
  EXPECT_EQ(files.wrong({"serve", "22", "--allow", "x"}).code, bad_command_line);
  EXPECT_THAT(files.wrong({"serve", "22", "--allow", id_text + "=A"}).what,
              HasSubstr("no name of a service"));
  EXPECT_THAT(files.wrong({"serve", "22", "--allow", ticket_text()}).what, Not(HasSubstr(ticket_text())));
}

TEST(ById, a_peer_is_reached_in_a_mesh_that_is_joined) {
  const Files files{""};
  EXPECT_THAT(files.wrong({"forward", id_text, "22:ssh"}).what, HasSubstr("add --join"));
  const auto forward =
      files.parsed<forward_command>({"forward", id_text, "22:ssh", "--join", "relay.example:9999"});
  EXPECT_EQ(std::get<gof::peer>(forward.peer).text(), id_text);
}

TEST(Origin, names_mean_serve_forward_and_both) {
  const auto ticket = ticket_text();
  const Files files{""};
  EXPECT_EQ(files.parsed<serve_command>({"server", "-f", "22"}).services.at(0).target.text(), "localhost:22");
  EXPECT_EQ(files.parsed<serve_command>({"server", "-a", "::1", "-f", "22"}).services.at(0).target.text(),
            "[::1]:22");
  const auto client = files.parsed<forward_command>({"client", "-c", ticket, "-l", "2222"});
  ASSERT_EQ(client.specs.size(), 1u);
  EXPECT_EQ(client.specs[0].local.port, 2222);
  EXPECT_TRUE(files.parsed<forward_command>({"client", "--ticket-file", "t"}).specs.empty());
  const auto both =
      files.parsed<run_command>({"both", "-c", ticket, "-l", "2222", "-a", "db.lan", "-f", "80"});
  EXPECT_EQ(both.what.serves.at(0).at(0).text(), "80=db.lan:80");
  EXPECT_EQ(both.what.forwards.at(0).specs.at(0).local.port, 2222);
  EXPECT_FALSE(both.file);
  EXPECT_THAT(files.wrong({"server"}).what, HasSubstr("-f PORT"));
  EXPECT_THAT(files.wrong({"client", "-l", "1"}).what, HasSubstr("-c TICKET"));
  EXPECT_THAT(files.wrong({"server", "-f", "22", "more"}).what, HasSubstr("takes no argument"));
}

TEST(Relay, listens_on_a_port_of_both_families) {
  const Files files{""};
  const auto relay = files.parsed<relay_command>({"relay", "-p", "7777"});
  ASSERT_EQ(relay.address.listen.size(), 2u);
  EXPECT_EQ(relay.address.listen[0].text(), "0.0.0.0:7777");
  EXPECT_EQ(relay.address.listen[1].text(), "[::]:7777");
  for (const char* port : {"0", "x", "65536"})
    EXPECT_EQ(files.wrong({"relay", "-p", port}).code, bad_command_line);
  EXPECT_THAT(files.wrong({"relay", "-p", "1", "--listen", "[::]:1"}).what, HasSubstr("contradict"));
}

TEST(Forward, listens_for_a_mesh_that_it_joins) {
  const Files files{""};
  const auto ticket = ticket_text();
  const auto member =
      files.parsed<forward_command>({"forward", ticket, "--join", "relay.example:9999", "--listen",
                                     "127.0.0.1:0", "--advertise", "a.example:1"});
  EXPECT_EQ(member.address.listen.size(), 1u);
  EXPECT_EQ(member.address.advertise.size(), 1u);
  EXPECT_THAT(files.wrong({"forward", ticket, "--listen", "127.0.0.1:0"}).what, HasSubstr("without --join"));
  EXPECT_TRUE(files.parsed<forward_command>({"forward", ticket, "--no-listen"}).address.no_listen);
}

TEST(Ping, may_wait_for_a_direct_path) {
  EXPECT_TRUE(Files{}.parsed<ping_command>({"ping", "--until-direct", "home"}).until_direct);
}

}  // namespace
}  // namespace gof::cli
