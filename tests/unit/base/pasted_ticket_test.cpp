#include "base/pasted_ticket.hpp"

#include <gtest/gtest.h>

namespace gof {
namespace {

TEST(PastedTicket, is_what_is_left_without_white_space_and_quotes) {
  EXPECT_EQ(pasted_ticket("gof1abc"), "gof1abc");
  EXPECT_EQ(pasted_ticket(" \"GOF1 A\tb\r\nC'` "), "gof1abc");
  EXPECT_EQ(pasted_ticket("\xef\xbb\xbfgof1\xc2\xa0"
                          "a\xe2\x80\x9d"),
            "gof1a");
  EXPECT_EQ(pasted_ticket(std::string_view("\xff\xfeg\0o\0f\0"
                                           "1\0",
                                           10)),
            "gof1");
  EXPECT_EQ(pasted_ticket("gof1\xc3\xa4"), "gof1\xc3\xa4");  // a letter, which stays and is wrong
  EXPECT_EQ(pasted_ticket(""), "");
}

TEST(PastedTicket, is_seen_by_its_beginning) {
  for (const std::string_view text : {"gof1", "GOF1abc", " gof1", "\"gof1a", "\xef\xbb\xbfgof1", "g o f 1"})
    EXPECT_TRUE(begins_like_ticket(text)) << text;
  for (const std::string_view text : {"", "gof", "go f", "xgof1", "gof-1", "gof2", "-"})
    EXPECT_FALSE(begins_like_ticket(text)) << text;
}

TEST(PastedTicket, is_found_in_a_text) {
  EXPECT_EQ(find_ticket("key = GoF1a"), 6u);
  EXPECT_EQ(find_ticket("gof gof1"), 4u);
  EXPECT_EQ(find_ticket("gof"), std::string_view::npos);
}

}  // namespace
}  // namespace gof
