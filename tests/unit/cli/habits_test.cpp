// What is said to people who write what other tools take.
#include "cli/arguments/habits.hpp"

#include "cli/arguments/command_line.hpp"
#include "cli/arguments/commands.hpp"
#include "daemon/exit_code.hpp"
#include "wire/ticket.hpp"

#include <gmock/gmock.h>

namespace gof::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using words = std::vector<std::string>;

const std::string ticket_text = [] {
  wire::ticket ticket;
  ticket.issuer.value.fill(1);
  ticket.token.fill(2);
  ticket.services = {{"ssh", 22}};
  ticket.addresses = {{"192.0.2.1", 9999}};
  return ticket.text();
}();

template <class Command>
std::optional<Command> parsed(const words& line) {
  const auto command = parse_command_line(line, {});
  if (!command) ADD_FAILURE() << command.error().what;
  const auto* found = command ? std::get_if<Command>(&*command) : nullptr;
  return found == nullptr ? std::nullopt : std::optional(*found);
}

TEST(Habits, each_gets_the_line_that_helps) {
  const struct {
    words line;
    std::string what;
  } cases[] = {
      {{"expose", "3000"}, "unknown command 'expose'; gof serve PORT offers a port of this machine"},
      {{"http", "3000"}, "gof serve PORT"},
      {{"tcp", "22"}, "gof serve PORT"},
      {{"tunnel"}, "gof serve PORT"},
      {{"local", "3000", "--to", "bore.pub"}, "gof serve PORT"},
      {{"listen-tcp", "--host", "localhost:3000"}, "gof serve PORT"},
      {{"connect-tcp", "--addr", "0.0.0.0:3000"}, "gof forward TICKET listens here"},
      {{"port-forward", "svc/web", "8080:80"}, "gof forward TICKET listens here"},
      {{"up"}, "starts a node"},
      {{"down"}, "until Ctrl-C or SIGTERM"},
      {{"stop"}, "systemctl stop gof"},
      {{"login"}, "gof has no accounts"},
      {{"authtoken", "x"}, "gof has no accounts"},
      {{"join", "x"}, "--join TICKET"},
      {{"ls"}, "gof peers lists the mesh"},
      {{"netcheck"}, "gof status says what is wrong"},
      {{"keygen"}, "gof id prints"},
      {{"reverse"}, "ssh -R"},
      {{"socks"}, "ssh -D"},
      {{"udp"}, "TCP, not UDP"},
      {{"logs"}, "-v says more"},
      {{"ssh", "me@home"}, "ProxyCommand='gof connect TICKET ssh'"},
      {{"nc"}, "gof connect TICKET SERVICE"},
      {{"traceroute", "home"}, "gof trace"},
      {{"reload"}, "SIGHUP"},
      {{"revoke"}, "gof ticket --new"},
      {{"serve", "-d", "22"}, "gof serve has no option '-d'; gof stays in the foreground"},
      {{"serve", "--daemon", "22"}, "systemd unit"},
      {{"serve", "-p", "22"}, "ports are arguments: gof serve 22"},
      {{"serve", "--port=22"}, "ports are arguments"},
      {{"serve", "-L", "80:x:80"}, "it belongs to gof forward"},
      {{"serve", "--token", "x", "22"}, "the ticket is all that a client needs"},
      {{"serve", "--tls", "22"}, "gof always encrypts"},
      {{"serve", "--udp", "53"}, "TCP, not UDP"},
      {{"serve", "--debug", "22"}, "write -v"},
      {{"serve", "53/udp"}, "UDP is not carried by this version"},
      {{"serve", "http://localhost:3000"},
       "a target is no URL, as gof carries any TCP connection; write localhost:3000"},
      {{"serve", "http://localhost"}, "write localhost:80"},
      {{"serve", "https://example.com/a?b=c"}, "write example.com:443"},
      {{"serve", "postgres://me:word@db.lan/app"}, "write db.lan:5432"},
      {{"serve", "tcp://127.0.0.1:9000"}, "write 127.0.0.1:9000"},
      {{"serve", "tcp://host"}, "write host:PORT"},
      {{"serve", "http://[::1]:8080/"}, "write [::1]:8080"},
      {{"serve", "http://[::1]/"}, "write [::1]:80"},
      {{"serve", "http://"}, "write HOST:PORT"},
      {{"serve", "web=http://localhost:3000"}, "write localhost:3000"},
      {{"serve", "postgres"}, "did you mean postgres=5432?"},
      {{"forward", "-N", ticket_text, "2222:ssh"}, "gof forward has no option '-N'; leave it out"},
      {{"forward", "-f", ticket_text, "2222:ssh"}, "gof stays in the foreground"},
      {{"forward", "-fN", ticket_text, "2222:ssh"}, "gof stays in the foreground"},
      {{"forward", ticket_text, "-R", "80:localhost:80"}, "this version forwards one way only"},
      {{"forward", ticket_text, "-R80:localhost:80"}, "this version forwards one way only"},
      {{"forward", ticket_text, "-D", "1080"}, "this version has no SOCKS"},
      {{"forward", ticket_text, "-g", "2222:ssh"}, "'*:PORT:SERVICE'"},
      {{"forward", ticket_text, "--bind", "0.0.0.0"}, "part of SPEC"},
      {{"forward", ticket_text, "-C", "2222:ssh"}, "gof does not compress"},
      {{"connect", "-W", "x:22", ticket_text}, "gof connect TICKET SERVICE"},
      {{"relay", "--server", "x"}, "a relay is named by its ticket"},
      {{"relay", "-d"}, "gof stays in the foreground"},
  };
  for (const auto& c : cases) {
    const auto command = parse_command_line(c.line, {});
    ASSERT_FALSE(command) << testing::PrintToString(c.line);
    EXPECT_THAT(command.error().what, HasSubstr(c.what)) << testing::PrintToString(c.line);
    EXPECT_EQ(command.error().code, daemon::bad_command_line) << testing::PrintToString(c.line);
  }
}

TEST(Habits, the_password_of_a_URL_is_not_repeated) {
  const auto command = parse_command_line(words{"serve", "postgres://me:word@db.lan/app"}, {});
  ASSERT_FALSE(command);
  EXPECT_THAT(command.error().what, testing::Not(HasSubstr("word")));
}

TEST(Habits, no_advice_is_about_a_command_of_gof) {
  for (const auto& c : commands()) EXPECT_EQ(advice_on_command(c.name), "") << c.name;
}

TEST(Habits, options_may_come_before_the_command) {
  EXPECT_EQ(parsed<serve_command>({"--survive", "5s", "serve", "22"})->node.survive, 5s);
  EXPECT_EQ(parsed<serve_command>({"--survive=5s", "serve", "22"})->node.survive, 5s);
  EXPECT_EQ(parsed<serve_command>({"-v", "serve", "22"})->node.log.least, log::options::level::debug);
  EXPECT_EQ(parsed<ping_command>({"-c", "3", "ping", ticket_text})->count, 3u);
  EXPECT_EQ(parsed<ping_command>({"-c3", "--json", "ping", ticket_text})->count, 3u);
  EXPECT_TRUE(parsed<status_command>({"--check", "status"})->check);
  // The value of an option is no command, whatever it is called.
  EXPECT_EQ(parsed<serve_command>({"--name", "relay", "serve", "22"})->node.name, "relay");
  EXPECT_EQ(parsed<help_command>({"-v", "serve", "-h"})->about, verb::serve);
}

TEST(Habits, completion_names_its_shell) {
  for (const auto* shell : {"bash", "zsh", "fish"})
    EXPECT_EQ(parsed<completion_command>({"completion", shell})->shell, shell);
  for (const auto& [line, what] :
       {std::pair<words, std::string>{{"completion"}, "no shell; write gof completion bash"},
        {{"completion", "csh"}, "'csh': there are completions for bash, zsh and fish"},
        {{"completion", "bash", "zsh"}, "'zsh': gof completion takes one shell"}}) {
    const auto command = parse_command_line(line, {});
    ASSERT_FALSE(command);
    EXPECT_THAT(command.error().what, HasSubstr(what));
    EXPECT_EQ(command.error().code, daemon::bad_command_line);
  }
}

TEST(Habits, the_version_has_its_usual_spellings) {
  for (const words& line : {words{"--version"}, {"-V"}, {"version"}, {"serve", "-V"}, {"-v", "serve", "-V"}})
    EXPECT_TRUE(parsed<version_command>(line)) << testing::PrintToString(line);
}

}  // namespace
}  // namespace gof::cli
