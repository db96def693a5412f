#include "log/text.hpp"

#include <gtest/gtest.h>

namespace gof::log {
namespace {

using namespace std::chrono_literals;

TEST(PathText, name_the_relays_of_a_path_as_far_as_they_are_known) {
  const peer unnamed(std::array<std::uint8_t, 32>{7});
  EXPECT_EQ(path_text({}), "direct");
  EXPECT_EQ(path_text({{unnamed, "aa", "hub"}}), "relay hub");
  EXPECT_EQ(path_text({{unnamed, "aa", ""}}), "relay " + unnamed.text().substr(0, 8));
  EXPECT_EQ(path_text({{unnamed, "aa", "hub"}, {unnamed, "bb", "e\x1bx"}}),
            "relays hub, " + unnamed.text().substr(0, 8));
  EXPECT_EQ(path_text({{}, {}}), "2 relays");
}

TEST(Printable, leaves_ordinary_text_as_it_is) {
  EXPECT_EQ(printable("localhost:22 on Büro refused"), "localhost:22 on Büro refused");
}

TEST(Printable, takes_the_power_from_what_a_terminal_would_obey) {
  EXPECT_EQ(printable("a\x1b[2Jb\nc\rd\x7f"), "a?[2Jb?c?d?");
  EXPECT_EQ(printable("a\xc2\x9b"
                      "2Jb"),
            "a?2Jb");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a?b");
}

TEST(Printable, is_utf8_whatever_it_is_given) {
  EXPECT_EQ(printable("a\xff\xc3"), "a??");
  EXPECT_EQ(printable("\xc0\xaf\xed\xa0\x80"), "?????");
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "????");
}

TEST(Printable, lets_nothing_turn_split_or_hide_text) {
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b\xe2\x81\xa6"
                      "c\xd8\x9c"),
            "a?b?c?");
  EXPECT_EQ(printable("a\xe2\x80\xa8"
                      "b\xe2\x80\xa9"
                      "c\xe2\x80\x8b"
                      "d\xef\xbb\xbf"),
            "a?b?c?d?");
  EXPECT_EQ(printable("x\xf3\xa0\x81\x81"), "x?");
}

TEST(Printable, cuts_long_text_between_characters) {
  EXPECT_EQ(printable(std::string(1000, 'x')), std::string(200, 'x'));
  EXPECT_EQ(printable(std::string(199, 'x') + "ü"), std::string(199, 'x'));
  EXPECT_EQ(printable(std::string(1000, '\xff')), std::string(200, '?'));
}

TEST(AgeText, tells_how_long_in_whole_units) {
  EXPECT_EQ(age_text(0ns), "0 s");
  EXPECT_EQ(age_text(999ms), "0 s");
  EXPECT_EQ(age_text(59'999ms), "59 s");
  EXPECT_EQ(age_text(60s), "1 min");
  EXPECT_EQ(age_text(59min + 59s), "59 min");
  EXPECT_EQ(age_text(60min), "1 h");
  EXPECT_EQ(age_text(23h + 59min), "23 h");
  EXPECT_EQ(age_text(24h), "1 d");
  EXPECT_EQ(age_text(1000h), "41 d");
}

TEST(TimeText, has_as_many_digits_as_a_person_reads) {
  EXPECT_EQ(time_text(400us), "0.4 ms");
  EXPECT_EQ(time_text(12'340us), "12.3 ms");
  EXPECT_EQ(time_text(3'140ms), "3.1 s");
  EXPECT_EQ(time_text(1s), "1 s");
  EXPECT_EQ(time_text(59'700ms), "60 s");
}

TEST(AddressText, has_brackets_around_ipv6) {
  EXPECT_EQ(address_text("127.0.0.1", 22), "127.0.0.1:22");
  EXPECT_EQ(address_text("::1", 22), "[::1]:22");
}

TEST(NameOf, is_what_the_peer_calls_itself_where_it_may_else_the_beginning_of_its_id) {
  const peer who(std::array<std::uint8_t, 32>{7});
  EXPECT_EQ(name_of(who, "home"), "home");
  for (const auto* name : {"", "home\n", "$(id)", "-rf", "gof1x", "a b", "\xff"})
    EXPECT_EQ(name_of(who, name), who.text().substr(0, 8)) << name;
}

TEST(CountText, has_the_plural) {
  EXPECT_EQ(count_text(1, "connection"), "1 connection");
  EXPECT_EQ(count_text(0, "connection"), "0 connections");
}

}  // namespace
}  // namespace gof::log
