#include "os/redact.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gof::os {
namespace {

std::string blanked(std::string word) {
  redact_secrets({word.data(), word.size()});
  return word;
}

TEST(Redact, leaves_nothing_of_a_ticket_but_its_length) {
  const std::string ticket = "gof1" + std::string(300, 'q');
  EXPECT_EQ(blanked(ticket), std::string(304, '*'));
}

TEST(Redact, finds_a_ticket_behind_an_option_and_a_mistyped_one) {
  EXPECT_EQ(blanked("--join=GOF1" + std::string(100, 'A')), "--join=" + std::string(104, '*'));
  EXPECT_EQ(blanked("of1" + std::string(60, '7') + " x"), std::string(63, '*') + " x");
}

TEST(Redact, finds_all_pieces_of_a_pasted_ticket) {
  EXPECT_EQ(blanked("gof1aa bb\n\"CC\"\xc2\xa0"
                    "dd"),
            "****** **\n\"**\"\xc2\xa0"
            "**");
  EXPECT_EQ(blanked("--join=gof1aa bb,h:1"), "--join=****** **,h:1");
}

TEST(Redact, finds_every_ticket_of_a_list) {
  const std::string ticket = "gof1" + std::string(130, 'q');
  EXPECT_EQ(blanked(ticket + ",h:1," + ticket), std::string(134, '*') + ",h:1," + std::string(134, '*'));
}

TEST(Redact, leaves_other_words_alone) {
  for (const std::string word : {"forward", "2222:ssh", "/home/somebody/with/a/long/path/to/some/place/key",
                                 "db.internal.example.com:5432", ""})
    EXPECT_EQ(blanked(word), word);
}

TEST(Redact, gives_the_words_as_they_were_and_blanks_the_originals) {
  std::string program = "gof";
  std::string verb = "forward";
  std::string ticket = "gof1" + std::string(200, 'a');
  std::vector<char*> words{program.data(), verb.data(), ticket.data()};
  const auto taken = take_arguments(3, words.data());
  EXPECT_EQ(taken, (std::vector<std::string>{"forward", "gof1" + std::string(200, 'a')}));
  EXPECT_EQ(ticket, std::string(204, '*'));
  EXPECT_EQ(verb, "forward");
}

}  // namespace
}  // namespace gof::os
