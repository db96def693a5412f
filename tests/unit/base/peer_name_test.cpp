#include "base/peer_name.hpp"

#include <gtest/gtest.h>

namespace gof {
namespace {

using namespace std::string_view_literals;

TEST(PeerName, is_what_name_takes) {
  for (const auto name : {"a", "home", "db-1.example.com", "A_b", "_x", ".", "9", "gof", "xgof1"}) {
    EXPECT_TRUE(is_peer_name(name)) << name;
    EXPECT_EQ(peer_name_or_none(name), name);
  }
  EXPECT_TRUE(is_peer_name(std::string(longest_peer_name, 'n')));
  EXPECT_FALSE(is_peer_name(std::string(longest_peer_name + 1, 'n')));
}

TEST(PeerName, is_nothing_that_means_more_to_a_shell_a_terminal_or_json) {
  for (const auto name : {""sv,
                          "-rf"sv,
                          "--help"sv,
                          "gof1abc"sv,
                          "a b"sv,
                          "a\tb"sv,
                          "a\nb"sv,
                          "$(id)"sv,
                          "`id`"sv,
                          "a;id"sv,
                          "a|b"sv,
                          "a&b"sv,
                          "a'b"sv,
                          "a\"b"sv,
                          "a\\b"sv,
                          "~"sv,
                          "a*"sv,
                          "a?"sv,
                          "[a]"sv,
                          "{a,b}"sv,
                          "!1"sv,
                          "a#b"sv,
                          "a<b"sv,
                          "a>b"sv,
                          "a/b"sv,
                          "a:b"sv,
                          "a=b"sv,
                          "a@b"sv,
                          "a%b"sv,
                          "a\0b"sv,
                          "\x1b[2J"sv,
                          "a\x7f"sv,
                          "\xc2\x9b"sv,
                          "\xff"sv,
                          "\xc3\xbc"sv,
                          "\xe2\x80\xae"sv,
                          "\xe2\x80\xa8"sv}) {
    EXPECT_FALSE(is_peer_name(name)) << name;
    EXPECT_EQ(peer_name_or_none(name), "");
  }
  for (int c = 0; c < 256; ++c) {
    const bool plain = std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
    EXPECT_EQ(is_peer_name(std::string("a") + static_cast<char>(c)), plain) << c;
  }
}

TEST(PeerName, of_a_host_is_always_one) {
  EXPECT_EQ(peer_name_of_host("db.example.com"), "db.example.com");
  EXPECT_EQ(peer_name_of_host("my host(1)"), "my-host-1-");
  EXPECT_EQ(peer_name_of_host("-x"), "x");
  EXPECT_EQ(peer_name_of_host("gof1"), "host-gof1");
  EXPECT_EQ(peer_name_of_host(std::string(64, 'h')), std::string(63, 'h'));
  EXPECT_EQ(peer_name_of_host("gof1" + std::string(60, 'h')).size(), longest_peer_name);
  for (const auto nothing : {"", "-", "\xff\xff"}) EXPECT_EQ(peer_name_of_host(nothing), "gof");
}

}  // namespace
}  // namespace gof
