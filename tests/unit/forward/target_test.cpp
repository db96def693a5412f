#include "forward/target.hpp"

#include <gmock/gmock.h>

namespace gof::forward {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string long_path = '/' + std::string(106, 'p');
const std::string long_host(253, 'h');

TEST(Target, reads_every_form_of_the_contract) {
  const struct {
    std::string word;
    std::string canonical;
  } cases[] = {
      {"22", "localhost:22"},
      {"1", "localhost:1"},
      {"65535", "localhost:65535"},
      {"22/tcp", "localhost:22"},
      {"db.lan:5432", "db.lan:5432"},
      {"db.lan:5432/tcp", "db.lan:5432"},
      {"my_host-1.Example:80", "my_host-1.Example:80"},
      {"127.0.0.1:80", "127.0.0.1:80"},
      {"[::1]:80", "[::1]:80"},
      {"[fe80::1%eth0]:80", "[fe80::1%eth0]:80"},
      {"[::ffff:10.0.0.1]:80/tcp", "[::ffff:10.0.0.1]:80"},
      {"/run/docker.sock", "unix:/run/docker.sock"},
      {"/run/docker.sock/tcp", "unix:/run/docker.sock"},
      {"/tcp", "unix:/tcp/tcp"},
      {"/run/tcp/tcp", "unix:/run/tcp/tcp"},
      {"/run/udp/tcp", "unix:/run/udp/tcp"},
      {"unix:/run/docker.sock", "unix:/run/docker.sock"},
      {"unix:relative.sock", "unix:relative.sock"},
      {"unix:/a b=c:d", "unix:/a b=c:d"},
      {long_path, "unix:" + long_path},
      {"unix:@name", "unix:@name"},
      {"unix:@name/tcp", "unix:@name"},
      {"unix:@/tmp/.X11-unix/X0", "unix:@/tmp/.X11-unix/X0"},
      {"unix:@a/", "unix:@a/"},
      {"unix:@a/tcp/tcp", "unix:@a/tcp/tcp"},
      {"unix:./@name", "unix:./@name"},
      {"unix:@" + std::string(107, 'n'), "unix:@" + std::string(107, 'n')},
      {long_host + ":1", long_host + ":1"},
  };
  for (const auto& c : cases) {
    const auto read = target::parse(c.word);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->text(), c.canonical) << c.word;
    const auto again = target::parse(c.canonical);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(*again, *read);
  }
}

TEST(Target, says_what_is_wrong_with_every_other_form) {
  const struct {
    std::string word;
    std::string what;
  } cases[] = {
      {"", "'': no target: PORT, HOST:PORT,"},
      {"ssh", "'ssh': a target is a port or an address; did you mean ssh=22?"},
      {"sshd", "'sshd': not a target: PORT, HOST:PORT,"},
      {"0", "'0': '0' is not a port (1 to 65535)"},
      {"65536", "'65536': '65536' is not a port"},
      {"99999999999999999999", "'99999999999999999999' is not a port"},
      {"-1", "'-1': not a target"},
      {"+22", "'+22': not a target"},
      {" 22", "' 22': not a target"},
      {"22 ", "'22 ': not a target"},
      {"0x16", "'0x16': not a target"},
      {"22/sctp", "'22/sctp': not a target"},
      {"22/", "'22/': not a target"},
      {"22/TCP", "'22/TCP': not a target"},
      {"53/udp", "'53/udp': UDP is not carried by this version"},
      {"53/tcp+udp", "'53/tcp+udp': UDP is not carried by this version"},
      {"dns.lan:53/udp", "UDP is not carried by this version"},
      {"[::1]:53/udp", "UDP is not carried by this version"},
      {"unix:/x/udp", "UDP is not carried by this version"},
      {"5000-5010/udp", "UDP is not carried by this version"},
      {":22", "':22': no host before ':'"},
      {"host:", "'host:': no port behind ':'"},
      {"host:ssh", "'host:ssh': 'ssh' is not a port"},
      {"host:0", "'host:0': '0' is not a port"},
      {"host:65536", "'65536' is not a port"},
      {"host:-1", "'-1' is not a port"},
      {"host:22:33", "an IPv6 address stands in brackets"},
      {"::1:80", "an IPv6 address stands in brackets: [IPV6]:PORT"},
      {"::1", "an IPv6 address stands in brackets"},
      {"22:33", "'22:33': '22' is not a host"},
      {"ho st:22", "'ho st' is not a host name"},
      {"ho\nst:22", "'ho?st' is not a host name"},
      {"h$t:22", "'h$t' is not a host name"},
      {"*:22", "'*' is not a host name"},
      {"user@host:22", "'user@host' is not a host name"},
      {long_host + "h:1", "is not a host name or address"},
      {"[::1]", "'[::1]': no port; write [IPV6]:PORT"},
      {"[::1]22", "no port; write [IPV6]:PORT"},
      {"[::1:22", "no ']' behind the IPv6 address"},
      {"[]:22", "'' is not an IPv6 address"},
      {"[host]:22", "'host' is not an IPv6 address"},
      {"[::1]:", "no port behind ':'"},
      {"[::1]:x", "'x' is not a port"},
      {"unix:", "'unix:': no path of a unix socket"},
      {"/", "no path of a unix socket"},
      {"unix:/", "no path of a unix socket"},
      {"/run/", "does not end with '/'"},
      {"unix:@", "'unix:@': no name after '@'; an abstract unix socket is unix:@NAME"},
      {"unix:@/tcp", "'unix:@/tcp': no name after '@'"},
      {"@name", "'@name': not a target"},
      {"unix:@a\tb", "a control character in the path"},
      {"unix:@" + std::string(108, 'n'),
       "the name of an abstract unix socket is at most 107 bytes long, this one is 108"},
      {long_path + "p", "at most 107 bytes long, this one is 108"},
      {"/run/a\tb", "a control character in the path"},
      {std::string("/run/a\0b", 8), "a control character in the path"},
      {"5000-5010", "a range of ports where one target is meant"},
      {"5010-5000", "the range '5010-5000' ends before it starts"},
      {"host:5010-5000", "the range '5010-5000' ends before it starts"},
      {"5000-70000", "a port of the range '5000-70000' is above 65535"},
      {"0-10", "'0' is not a port"},
      {"5000-", "'5000-': not a target"},
      {"-5000", "not a target"},
      {"5000-5010-5020", "not a target"},
      {"host:5000-", "'5000-' is not a port (1 to 65535) or a range"},
      {"1-65535", "a range is of at most 64 ports, this one is of 65535"},
      {"5000-5064", "a range is of at most 64 ports, this one is of 65"},
  };
  for (const auto& c : cases) {
    const auto read = target::parse(c.word);
    ASSERT_FALSE(read) << c.word;
    EXPECT_THAT(read.error().what, HasSubstr(c.what)) << c.word;
    EXPECT_THAT(read.error().what, StartsWith(in_quotes(c.word))) << c.word;
  }
}

TEST(Target, of_a_url_is_its_host_and_port) {
  EXPECT_EQ(target::parse("http://me:word@host:80/x").error().what,
            "'http://': a target is no URL, as gof carries any TCP connection; write host:80");
}

TEST(Target, reads_a_range_as_one_target_each) {
  const auto alone = target::parse_range("5000-5002");
  ASSERT_TRUE(alone);
  ASSERT_EQ(alone->size(), 3u);
  EXPECT_EQ(alone->front().text(), "localhost:5000");
  EXPECT_EQ(alone->back().text(), "localhost:5002");
  EXPECT_EQ(target::parse_range("[::1]:7-7/tcp")->front().text(), "[::1]:7");
  EXPECT_EQ(target::parse_range("65500-65535")->size(), 36u);
  EXPECT_EQ(target::parse_range("5000-5063")->size(), 64u);
  EXPECT_EQ(target::parse_range("22")->size(), 1u);
}

std::string names_and_targets(const std::vector<service>& services) {
  std::string text;
  for (const auto& s : services) text += (text.empty() ? "" : " ") + s.text();
  return text;
}

TEST(Service, reads_names_and_makes_them_up) {
  const std::string name63(63, 'n');
  const struct {
    std::vector<std::string> words;
    std::string read;
  } cases[] = {
      {{"22"}, "22=localhost:22"},
      {{"ssh=22"}, "ssh=localhost:22"},
      {{"ssh=22", "web=db.lan:80/tcp"}, "ssh=localhost:22 web=db.lan:80"},
      {{"db.lan:5432"}, "5432=db.lan:5432"},
      {{"0-a=[::1]:1"}, "0-a=[::1]:1"},
      {{"/run/docker.sock"}, "docker-sock=unix:/run/docker.sock"},
      {{"unix:/run/a=b.sock"}, "a-b-sock=unix:/run/a=b.sock"},
      {{"/run/a=b"}, "a-b=unix:/run/a=b"},
      {{"d=/run/docker.sock"}, "d=unix:/run/docker.sock"},
      {{"d=/run/a=b"}, "d=unix:/run/a=b"},
      {{"/tmp/.X11-unix/X0"}, "x0=unix:/tmp/.X11-unix/X0"},
      {{"/tmp/--My__Socket!"}, "my-socket=unix:/tmp/--My__Socket!"},
      {{"unix:sock"}, "sock=unix:sock"},
      {{"unix:@My.Name"}, "my-name=unix:@My.Name"},
      {{"unix:@/tmp/.X11-unix/X0"}, "x0=unix:@/tmp/.X11-unix/X0"},
      {{"d=unix:@a=b"}, "d=unix:@a=b"},
      {{"/run/" + name63 + "x"}, name63 + "=unix:/run/" + name63 + "x"},
      {{"5000-5002"}, "5000=localhost:5000 5001=localhost:5001 5002=localhost:5002"},
      {{"rtp=h:5000-5001"}, "rtp-5000=h:5000 rtp-5001=h:5001"},
      {{"one=7-7"}, "one=localhost:7"},
      {{name63 + "=1"}, name63 + "=localhost:1"},
      {{}, ""},
  };
  for (const auto& c : cases) {
    const auto read = service::parse(c.words);
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(names_and_targets(*read), c.read);
  }
}

TEST(Service, says_what_is_wrong_and_with_which_word) {
  const struct {
    std::vector<std::string> words;
    std::string what;
  } cases[] = {
      {{""}, "'': no target"},
      {{"=22"}, "'=22': no name before '='"},
      {{"ssh="}, "'ssh=': no target"},
      {{"SSH=22"}, "'SSH=22': 'SSH' is not a service name: lower-case"},
      {{"-ssh=22"}, "'-ssh' is not a service name"},
      {{"s_h=22"}, "'s_h' is not a service name"},
      {{"s h=22"}, "'s h' is not a service name"},
      {{std::string(64, 'n') + "=22"}, "is not a service name"},
      {{"a=b=22"}, "'a=b=22': not a target"},
      {{"ssh=22", "web=x"}, "'web=x': not a target"},
      {{"dns=53/udp"}, "'dns=53/udp': UDP is not carried"},
      {{"/tmp/---"}, "'/tmp/---': no name can be made of this path; give one: NAME=/tmp/---"},
      {{"/tmp/日本"}, "no name can be made of this path"},
      {{"22", "db:22"},
       "'db:22': there is a service '22' already (22=localhost:22); give another name: NAME=db:22"},
      {{"ssh=22", "ssh=23"}, "'ssh=23': there is a service 'ssh' already"},
      {{"5000-5002", "5001"}, "'5001': there is a service '5001' already"},
      {{std::string(60, 'n') + "=5000-5001"}, "is too long for a service name"},
      {{"1000-1063", "1"}, "'1': a node offers at most 64 services"},
  };
  for (const auto& c : cases) {
    const auto read = service::parse(c.words);
    ASSERT_FALSE(read) << c.words.back();
    EXPECT_THAT(read.error().what, HasSubstr(c.what));
  }
}

TEST(InQuotes, never_repeats_a_ticket_nor_control_characters_nor_much) {
  EXPECT_EQ(in_quotes("gof1abcdefghijkl"), "'gof1...'");
  EXPECT_EQ(in_quotes("--gof1abcdefghijkl"), "'--gof1...'");
  EXPECT_EQ(in_quotes("a\x1b[31m"), "'a?[31m'");
  EXPECT_EQ(without_tickets("[alias gof1abc2] and 'gof1...', gof1"), "[alias gof1...] and 'gof1...', gof1");
  EXPECT_EQ(in_quotes(std::string(100, 'x')), "'" + std::string(80, 'x') + "...'");
}

}  // namespace
}  // namespace gof::forward
