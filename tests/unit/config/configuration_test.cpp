#include "config/configuration.hpp"

#include <gtest/gtest.h>

namespace gof::config {
namespace {

std::string problem_of(std::string_view text) {
  const auto read = parse_configuration(text, "f");
  return read ? "" : read.error().what;
}

TEST(Configuration, is_read_whole) {
  const auto read = parse_configuration(
      "# a comment\r\n"
      "[node]\n"
      "name = home\n"
      "  join=relay.example:9999\n"
      "; another\n"
      "[serve ssh]\n"
      "target = 22\n"
      "allow = one, two\n"
      "allow = three\n"
      "[forward db]\n"
      "peer = ticket-file=/etc/gof/db = 1.ticket\n"
      "listen = 5432\n"
      "listen = *:5433\n"
      "service = db\n"
      "[alias work]\n"
      "peer = abc",
      "gof.conf");
  ASSERT_TRUE(read) << read.error().what;
  ASSERT_EQ(read->node.size(), 2u);
  EXPECT_EQ(read->node[1].key, "join");
  EXPECT_EQ(read->node[1].value, "relay.example:9999");
  EXPECT_EQ(read->node[1].line, 4u);
  ASSERT_EQ(read->serves.size(), 1u);
  EXPECT_EQ(read->serves[0].services.at(0).text(), "ssh=localhost:22");
  ASSERT_EQ(read->serves[0].allow.size(), 3u);
  EXPECT_EQ(read->serves[0].allow[1].text, "two");
  EXPECT_EQ(read->serves[0].allow[2].line, 9u);
  ASSERT_EQ(read->forwards.size(), 1u);
  EXPECT_EQ(read->forwards[0].peer.text, "ticket-file=/etc/gof/db = 1.ticket");
  ASSERT_EQ(read->forwards[0].specs.size(), 2u);
  EXPECT_EQ(read->forwards[0].specs[1].local.text(), "*:5433");
  ASSERT_NE(read->alias("work"), nullptr);
  EXPECT_EQ(read->alias("work")->peer.line, 16u);
  EXPECT_EQ(read->alias("wor"), nullptr);
}

TEST(Configuration, of_nothing_is_nothing) {
  for (const char* text : {"", "\n\n", "# only\n", "[node]\n"})
    EXPECT_TRUE(parse_configuration(text, "f")) << text;
}

TEST(Configuration, of_a_ticket_in_the_wrong_place_repeats_only_the_prefix) {
  EXPECT_EQ(problem_of("[gof1abc]\n").find("f:1: unknown section [gof1...]"), 0u)
      << problem_of("[gof1abc]\n");
  EXPECT_EQ(problem_of("[forward gof1abc]\nlisten=1\n"), "f:1: [forward gof1...] needs peer =");
  EXPECT_EQ(problem_of("[node]\ngof1abc =\n"), "f:2: no value behind gof1... =");
}

TEST(Configuration, range_makes_a_service_of_each_port) {
  const auto read = parse_configuration("[serve web]\ntarget=5000-5002\n", "f");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->serves.at(0).services.size(), 3u);
  EXPECT_EQ(read->serves[0].services[2].name, "web-5002");
}

TEST(Configuration, names_file_and_line_of_what_is_wrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"\nname = x\n", "f:2: 'name = x' stands before the first heading"},
      {"[node\n", "f:1: no ']'"},
      {"[]\n", "f:1: an empty heading"},
      {"[node]\nname\n", "f:2: 'name' is no KEY = VALUE"},
      {"[node]\n= x\n", "f:2: no key before '='"},
      {"[node]\nname =\n", "f:2: no value behind name ="},
      {"[node one]\n", "f:1: [node] has no name"},
      {"[server ssh]\n", "f:1: unknown section [server]; did you mean serve?"},
      {"[what]\n", "f:1: unknown section [what]; there are node, serve, forward, alias"},
      {"[serve]\ntarget=22\n", "f:1: [serve] needs a name"},
      {"[serve ssh]\n", "f:1: [serve ssh] needs target ="},
      {"[serve ssh]\ntarget=22\ntarget=23\n", "f:3: target stands in line 2 too"},
      {"[serve ssh]\ntarget=22\n[serve ssh]\ntarget=22\n", "f:3: [serve ssh] stands in line 1 too"},
      {"[serve web-1]\ntarget=80\n[serve web]\ntarget=1-2\n", "f:3: service web-1 stands in line 1 too"},
      {"[serve ssh]\nport=22\n", "f:2: unknown key 'port' in [serve]"},
      {"[serve ssh]\ntraget=22\n", "f:2: unknown key 'traget' in [serve]; did you mean target?"},
      {"[serve SSH]\ntarget=22\n", "f:2: "},
      {"[serve ssh]\ntarget=99999\n", "f:2: "},
      {"[forward db]\nlisten=1\n", "f:1: [forward db] needs peer ="},
      {"[forward db]\npeer=x\n", "f:1: [forward db] needs listen ="},
      {"[forward db]\npeer=x\nlisten=http\n", "f:3: "},
      {"[forward a]\npeer=x\nlisten=5432\n[forward b]\npeer=y\nlisten=127.0.0.1:5432\n",
       "f:6: 127.0.0.1:5432 is listened on by line 3 too"},
      {"[forward a]\npeer=x\nlisten=5432\n[forward b]\npeer=y\nlisten=*:5432\n",
       "f:6: *:5432 is listened on by line 3 too"},
      {"[forward a]\npeer=x\nlisten=unix:@a\nlisten=unix:@a\n", "f:4: unix:@a is listened on by line 3 too"},
      {"[forward a]\npeer=x\nlisten=unix:@\n", "f:3: 'unix:@': 'unix:@': no name after '@'"},
      {"[serve a]\ntarget=unix:@\n", "f:2: 'a=unix:@': no name after '@'"},
      {"[alias a]\n", "f:1: [alias a] needs peer ="},
  };
  for (const auto& [text, told] : cases)
    EXPECT_TRUE(problem_of(text).starts_with(told)) << text << problem_of(text);
}

TEST(Configuration, free_ports_may_stand_often) {
  EXPECT_EQ(problem_of("[forward a]\npeer=x\nlisten=0\nlisten=0\n"), "");
}

TEST(Configuration, line_that_names_one_loopback_address_has_it) {
  const auto read = parse_configuration(
      "[forward a]\npeer=x\nlisten=5432\n[forward b]\npeer=y\nlisten=[::1]:5432\nlisten=5433\n", "f");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->forwards[0].specs[0].local.bind, "127.0.0.1");
  EXPECT_EQ(read->forwards[1].specs[0].local.bind, "::1");
  EXPECT_EQ(read->forwards[1].specs[1].local.bind, forward::local_endpoint::default_bind);
}

TEST(Configuration, of_no_text_is_told_and_not_shown) {
  EXPECT_EQ(problem_of(std::string("[node]\nna\0me = x\n", 17)),
            "f:2: not text; a configuration is lines of KEY = VALUE");
  EXPECT_EQ(problem_of("[node]\nname = \x1b[31m\n"),
            "f:2: not text; a configuration is lines of KEY = VALUE");
  EXPECT_EQ(problem_of("[node]\n" + std::string(longest_line + 1, 'x')),
            "f:2: a line longer than 4096 bytes");
}

TEST(Configuration, holds_no_more_than_a_node_can) {
  std::string many;
  for (int i = 0; i < 65; ++i) many += "[serve s" + std::to_string(i) + "]\ntarget=22\n";
  EXPECT_EQ(problem_of(many), "f:129: more than 64 services");
  std::string listeners = "[forward a]\npeer=x\n";
  for (int i = 0; i < 1025; ++i) listeners += "listen=" + std::to_string(i + 1) + "\n";
  EXPECT_EQ(problem_of(listeners), "f:1027: more than 1024 listeners");
}

}  // namespace
}  // namespace gof::config
