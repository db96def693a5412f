#include "forward/spec.hpp"

#include <gmock/gmock.h>

namespace gof::forward {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string text_of(const spec& one) {
  std::string text = one.local.text();
  if (!one.remote) return text;
  if (const auto* name = std::get_if<std::string>(&*one.remote)) return text + " -> " + *name;
  return text + " -> target " + std::get<target>(*one.remote).text();
}

std::string text_of(const std::vector<spec>& specs) {
  std::string text;
  for (const auto& one : specs) text += (text.empty() ? "" : ", ") + text_of(one);
  return text;
}

TEST(Spec, reads_every_form_of_the_contract) {
  const struct {
    std::vector<std::string> words;
    std::string read;
  } cases[] = {
      {{"8080"}, "127.0.0.1:8080"},
      {{"0"}, "127.0.0.1:0"},
      {{"0:ssh"}, "127.0.0.1:0 -> ssh"},
      {{"2222:ssh"}, "127.0.0.1:2222 -> ssh"},
      {{"2222:22"}, "127.0.0.1:2222 -> 22"},
      {{"8080:db.lan:5432"}, "127.0.0.1:8080 -> target db.lan:5432"},
      {{"8080:[::1]:80"}, "127.0.0.1:8080 -> target [::1]:80"},
      {{"8080:127.0.0.1:80/tcp"}, "127.0.0.1:8080 -> target 127.0.0.1:80"},
      {{"8080:/run/docker.sock"}, "127.0.0.1:8080 -> target unix:/run/docker.sock"},
      {{"8080:unix:/run/docker.sock"}, "127.0.0.1:8080 -> target unix:/run/docker.sock"},
      {{"127.0.0.2:8080"}, "127.0.0.2:8080"},
      {{"127.0.0.2:8080:web"}, "127.0.0.2:8080 -> web"},
      {{"localhost:8080:web"}, "localhost:8080 -> web"},
      {{"localhost:8080:db.lan:5432"}, "localhost:8080 -> target db.lan:5432"},
      {{"[::1]:8080"}, "[::1]:8080"},
      {{"[::1]:8080:web"}, "[::1]:8080 -> web"},
      {{"[::1]:8080:[::2]:80"}, "[::1]:8080 -> target [::2]:80"},
      {{"[fe80::1%eth0]:0:web"}, "[fe80::1%eth0]:0 -> web"},
      {{"[::]:8080:web"}, "[::]:8080 -> web"},
      {{"*:8080:web"}, "*:8080 -> web"},
      {{"*:0"}, "*:0"},
      {{":8080:db.lan:5432"}, "*:8080 -> target db.lan:5432"},
      {{"0.0.0.0:8080:web"}, "0.0.0.0:8080 -> web"},
      {{"ssh:22"}, "ssh:22"},
      {{"/tmp/x.sock"}, "unix:/tmp/x.sock"},
      {{"/tmp/x.sock:web"}, "unix:/tmp/x.sock -> web"},
      {{"./x.sock:web"}, "unix:./x.sock -> web"},
      {{"../x.sock"}, "unix:../x.sock"},
      {{"unix:/tmp/x.sock:web"}, "unix:/tmp/x.sock -> web"},
      {{"unix:x.sock"}, "unix:x.sock"},
      {{"unix:@x"}, "unix:@x"},
      {{"unix:@x.sock:web"}, "unix:@x.sock -> web"},
      {{"unix:@/a/"}, "unix:@/a/"},
      {{"unix:@@"}, "unix:@@"},
      {{"unix:./@x"}, "unix:./@x"},
      {{"@x:80"}, ""},
      {{"/tmp/x.sock:/run/docker.sock"}, "unix:/tmp/x.sock -> target unix:/run/docker.sock"},
      {{"/tmp/x.sock:db.lan:5432"}, "unix:/tmp/x.sock -> target db.lan:5432"},
      {{"5000-5002"}, "127.0.0.1:5000, 127.0.0.1:5001, 127.0.0.1:5002"},
      {{"*:5000-5001"}, "*:5000, *:5001"},
      {{"5000-5001:7000-7001"}, "127.0.0.1:5000 -> 7000, 127.0.0.1:5001 -> 7001"},
      {{"5000-5001:db:7000-7001"}, "127.0.0.1:5000 -> target db:7000, 127.0.0.1:5001 -> target db:7001"},
      {{"5000-5000:web-1"}, ""},
      {{"8080:7000-7001"}, "127.0.0.1:8080 -> 7000-7001"},
      {{"2222:ssh", "8080:web"}, "127.0.0.1:2222 -> ssh, 127.0.0.1:8080 -> web"},
      {{"0:ssh", "0:web"}, "127.0.0.1:0 -> ssh, 127.0.0.1:0 -> web"},
      {{"8080:web", "[::1]:8080:web"}, "127.0.0.1:8080 -> web, [::1]:8080 -> web"},
      {{}, ""},
  };
  for (const auto& c : cases) {
    const auto read = spec::parse(c.words);
    if (c.read.empty() && !c.words.empty()) {
      EXPECT_FALSE(read) << c.words.front();
      continue;
    }
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(text_of(*read), c.read);
  }
}

TEST(Spec, says_what_is_wrong_and_with_which_word) {
  const struct {
    std::string word;
    std::string what;
  } cases[] = {
      {"", "an empty SPEC"},
      {"ssh", "no LOCAL; write a port to listen on and ':' before it (port 0: any free one)"},
      {":", "'' is not a port, a range of ports or a path"},
      {"::", "'' is not a port"},
      {"*", "no LOCAL"},
      {"*:", "'' is not a port"},
      {"*:ssh", "'ssh' is not a port, a range of ports or a path to listen on"},
      {"a:b:8080", "'b' is not a port"},
      {"::1:8080:web", "'' is not a port"},
      {"8080:", "nothing behind the last ':'"},
      {"127.0.0.1:8080:", "nothing behind the last ':'"},
      {"65536", "'65536' is not a port (0 to 65535)"},
      {"99999999999:web", "'99999999999' is not a port"},
      {"-1:web", "'web' is not a port"},
      {"8080:SSH", "'SSH' is not a service name"},
      {"8080:-ssh", "'-ssh' is not a service name"},
      {"8080:db.lan", "'db.lan' is not a service name"},
      {"8080:" + std::string(64, 'n'), "is not a service name"},
      {"8080:db.lan:", "no port behind ':'"},
      {"8080:db.lan:x", "'x' is not a port"},
      {"8080:db.lan:0", "'0' is not a port"},
      {"8080:db.lan:65536", "'65536' is not a port"},
      {"8080:::1:80", "an IPv6 address stands in brackets"},
      {"8080:[::1]", "no port; write [IPV6]:PORT"},
      {"8080:dns.lan:53/udp", "UDP is not carried by this version"},
      {"8080:53/udp", "UDP is not carried by this version"},
      {"53/udp:dns", "UDP is not carried by this version"},
      {"53/tcp+udp", "UDP is not carried by this version"},
      {"8080:db.lan:5000-5001", "a range of ports where one target is meant"},
      {"[::1:8080:web", "is not a port"},
      {"[::1]8080:web", "'web' is not a port"},
      {"[]:8080", "'[]' is not an IPv6 address in brackets"},
      {"[:8080", "'[' is not an IPv6 address in brackets"},
      {"[host]:8080", "'[host]' is not an IPv6 address in brackets"},
      {"ho st:8080", "'ho st' is not an address to listen on"},
      {"127.0.0.1:/tmp/x.sock", "a unix socket has no address to listen on"},
      {"unix:", "no path behind 'unix:'"},
      {"unix::web", "no path behind 'unix:'"},
      {"unix", "no LOCAL"},
      {"unix:@", "no name after '@'; an abstract unix socket is unix:@NAME"},
      {"unix:@:web", "no name after '@'"},
      {"unix:@" + std::string(108, 'n'), "the name of an abstract unix socket is at most 107 bytes long"},
      {"127.0.0.1:unix:@x", "'unix' is not a port"},
      {"/", "no path of a unix socket"},
      {"/tmp/:web", "does not end with '/'"},
      {'/' + std::string(107, 'p'), "at most 107 bytes long, this one is 108"},
      {"5010-5000", "the range '5010-5000' ends before it starts"},
      {"0-5", "a range starts at port 1"},
      {"1-70000", "a port of the range '1-70000' is above 65535"},
      {"1-65535", "a range is of at most 1024 ports"},
      {"5000-5002:web", "a range of 3 ports needs a range of as many behind it, or none"},
      {"5000-5002:7000-7001", "a range of 3 ports needs a range of as many"},
      {"5000-5002:db:80", "a range of 3 ports needs a range of as many"},
      {"5000-5002:7001-7000", "ends before it starts"},
      {"5000-5001:", "no target"},
  };
  for (const auto& c : cases) {
    const std::vector<std::string> words = {"1:a", c.word};
    const auto read = spec::parse(words);
    ASSERT_FALSE(read) << c.word;
    EXPECT_THAT(read.error().what, HasSubstr(c.what)) << c.word;
    EXPECT_THAT(read.error().what, StartsWith(in_quotes(c.word))) << c.word;
  }
}

TEST(Spec, listens_nowhere_twice) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"8080:a", "8080:b"},
                                                {"8080:a", "127.0.0.1:8080:b"},
                                                {"/tmp/x:a", "unix:/tmp/x:b"},
                                                {"8080-8090", "8085"},
                                                {"*:80:a", ":80:b"},
                                                {"80:a", "*:80:b"},
                                                {"*:80:a", "[::1]:80:b"},
                                                {"[::1]:80:a", "*:80:b"},
                                                {"*:80:a", "10.0.0.1:80:b"},
                                                {"0.0.0.0:80:a", "10.0.0.1:80:b"},
                                                {"[::]:80:a", "10.0.0.1:80:b"},
                                                {"[::]:80:a", "80:b"},
                                                {"[0:0::1]:80:a", "[::1]:80:b"},
                                                {"localhost:80:a", "80:b"},
                                                {"unix:@x:a", "unix:@x:b"}}) {
    const auto read = spec::parse(words);
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().what,
                testing::AllOf(StartsWith("'" + words[1] + "'"), HasSubstr("a second time")));
  }
}

TEST(Spec, by_default_is_both_loopback_addresses_but_for_one_that_another_names) {
  const auto bind_of = [](const std::vector<std::string>& words, std::size_t which = 0) {
    const auto read = spec::parse(words);
    EXPECT_TRUE(read) << words[0];
    return read ? (*read)[which].local.bind : "";
  };
  EXPECT_EQ(bind_of({"80:a"}), local_endpoint::default_bind);
  EXPECT_EQ(bind_of({"127.0.0.1:80:a"}), "127.0.0.1");
  EXPECT_EQ(bind_of({"80:a", "[::1]:80:b"}), "127.0.0.1");
  EXPECT_EQ(bind_of({"[::1]:80:b", "80:a"}, 1), "127.0.0.1");
  EXPECT_EQ(bind_of({"80:a", "[::1]:81:b"}), local_endpoint::default_bind);
  EXPECT_EQ(bind_of({"0:a", "[::1]:0:b"}), local_endpoint::default_bind);
  EXPECT_EQ(bind_of({"80:a", "unix:@80:b"}), local_endpoint::default_bind);
  // Different addresses with the same port.
  for (const auto* other : {"10.0.0.1:80:b", "[fe80::1%eth0]:80:b", "name.lan:80:b"})
    EXPECT_EQ(bind_of({"80:a", other}), local_endpoint::default_bind) << other;
}

TEST(Spec, takes_no_more_than_its_cap) {
  EXPECT_TRUE(spec::parse(std::vector<std::string>{"1001-2024"}));
  const auto read = spec::parse(std::vector<std::string>{"1001-2024", "0:a"});
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().what, HasSubstr("'0:a': at most 1024 listeners"));
}

const std::vector<offered_service> ssh = {{"ssh", 22}};
const std::vector<offered_service> several = {
    {"ssh", 22}, {"web", 8080}, {"5432", 5432}, {"sock", 0}, {"alt", 8080}};

/// "LOCAL -> SERVICE, ...", or the problem's text.
std::string resolved(const std::vector<std::string>& words, const std::vector<offered_service>& offered) {
  const auto specs = spec::parse(words);
  if (!specs) return specs.error().what;
  const auto found = resolve(*specs, offered);
  if (!found) return found.error().what;
  std::string text;
  for (const auto& one : *found) text += (text.empty() ? "" : ", ") + one.local.text() + " -> " + one.service;
  return text;
}

TEST(Resolve, takes_the_service_named) {
  EXPECT_EQ(resolved({"2222:ssh", "0:sock"}, several), "127.0.0.1:2222 -> ssh, 127.0.0.1:0 -> sock");
  EXPECT_EQ(resolved({"1:5432"}, several), "127.0.0.1:1 -> 5432");
}

TEST(Resolve, takes_the_service_with_that_port_at_its_target) {
  EXPECT_EQ(resolved({"2222:22"}, several), "127.0.0.1:2222 -> ssh");
  EXPECT_EQ(
      resolved({"1:8080"}, several),
      "forward '127.0.0.1:1': the ticket has no service '8080'; it has: ssh web 5432 sock alt");  // two have
  EXPECT_EQ(resolved({"1:0"}, several),
            "forward '127.0.0.1:1': the ticket has no service '0'; it has: ssh web 5432 sock alt");
  EXPECT_EQ(resolved({"1:22"}, {{"22", 1}, {"ssh", 22}}), "127.0.0.1:1 -> 22");  // a name comes first
  EXPECT_THAT(resolved({"1:localhost:22"}, several), HasSubstr("; did you mean ssh?"));
  EXPECT_THAT(resolved({"1:localhost:8080"}, several), Not(HasSubstr("did you mean")));
}

TEST(Resolve, says_when_service_and_port_are_swapped) {
  EXPECT_EQ(resolved({"web:3002"}, several),
            "forward 'web:3002': the port to listen on comes first: 3002:web");
  EXPECT_EQ(resolved({"ssh:3002"}, ssh), "forward 'ssh:3002': the port to listen on comes first: 3002:ssh");
  EXPECT_EQ(resolved({"other:3002"}, ssh), "other:3002 -> ssh");
}

TEST(Resolve, takes_the_only_service) {
  EXPECT_EQ(resolved({"2222", "0", "/tmp/x"}, ssh),
            "127.0.0.1:2222 -> ssh, 127.0.0.1:0 -> ssh, unix:/tmp/x -> ssh");
}

TEST(Resolve, takes_the_service_named_like_the_local_end) {
  EXPECT_EQ(resolved({"5432"}, several), "127.0.0.1:5432 -> 5432");
  EXPECT_EQ(resolved({"/tmp/web"}, several), "unix:/tmp/web -> web");
  EXPECT_EQ(resolved({"5000-5001"}, {{"5000", 1}, {"5001", 2}}),
            "127.0.0.1:5000 -> 5000, 127.0.0.1:5001 -> 5001");
  EXPECT_EQ(resolved({"unix:@web"}, several), "unix:@web -> web");
}

TEST(Resolve, is_a_problem_with_the_list_when_no_service_is_meant) {
  EXPECT_EQ(resolved({"2222"}, several),
            "forward '127.0.0.1:2222': which service? write it behind a ':'; the ticket has: ssh web 5432 "
            "sock alt");
  EXPECT_THAT(resolved({"22"}, several), HasSubstr("which service?")) << "a name, so 22 is no hint";
  EXPECT_THAT(resolved({"/tmp/---"}, several), HasSubstr("which service?"));
  EXPECT_EQ(resolved({"1:db"}, ssh), "forward '127.0.0.1:1': the ticket has no service 'db'; it has: ssh");
  EXPECT_EQ(resolved({"1:23"}, ssh), "forward '127.0.0.1:1': the ticket has no service '23'; it has: ssh");
  EXPECT_THAT(resolved({"1:db.lan:5432"}, ssh), HasSubstr("'db.lan:5432' is a target of your own choosing"));
  EXPECT_EQ(resolved({"1:a"}, {}), "the ticket has no service");
  EXPECT_EQ(resolved({}, {}), "the ticket has no service");
}

TEST(Resolve, without_a_spec_takes_every_service_on_its_own_port_or_a_free_one) {
  EXPECT_EQ(resolved({}, several),
            "127.0.0.1:0 -> ssh, 127.0.0.1:8080 -> web, 127.0.0.1:5432 -> 5432, 127.0.0.1:0 -> sock, "
            "127.0.0.1:0 -> alt");
}

}  // namespace
}  // namespace gof::forward
