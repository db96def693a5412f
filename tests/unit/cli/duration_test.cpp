#include "cli/arguments/duration.hpp"

#include "base/nearest.hpp"

#include <gtest/gtest.h>

namespace gof::cli {
namespace {

using namespace std::chrono_literals;

TEST(Duration, is_a_number_with_a_unit_or_of_seconds) {
  const std::pair<const char*, std::chrono::milliseconds> cases[] = {
      {"10s", 10s}, {"500ms", 500ms}, {"2m", 2min},   {"1h", 1h},          {"10", 10s}, {"0", 0s},
      {"0ms", 0ms}, {"24h", 24h},     {"86400", 24h}, {"86400000ms", 24h}, {"007", 7s}};
  for (const auto& [text, meant] : cases) EXPECT_EQ(parse_duration(text), meant) << text;
}

TEST(Duration, is_nothing_else) {
  for (const char* text :
       {"",      "s",   "ms",  "-1",    "+1",          "1.5s",       "1,5",
        " 1",    "1 ",  "1 s", "1S",    "1sec",        "1us",        "1d",
        "1m30s", "0x1", "25h", "86401", "4294967295h", "4294967296", "99999999999999999999"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

TEST(Nearest, finds_the_word_that_was_meant) {
  const std::string_view known[] = {"serve", "forward", "id", "ticket", "connect-timeout"};
  const std::pair<const char*, const char*> cases[] = {{"serv", "serve"},
                                                       {"srve", "serve"},
                                                       {"sevre", "serve"},
                                                       {"server", "serve"},
                                                       {"fwd", ""},
                                                       {"froward", "forward"},
                                                       {"forwrd", "forward"},
                                                       {"forwarding", "forward"},
                                                       {"ids", "id"},
                                                       {"i", "id"},
                                                       {"tickt", "ticket"},
                                                       {"xyzzy", ""},
                                                       {"", ""},
                                                       {"conn", "connect-timeout"},
                                                       {"connect-timout", "connect-timeout"}};
  for (const auto& [word, meant] : cases) EXPECT_EQ(nearest(word, known), meant) << word;
  EXPECT_EQ(nearest(std::string(100000, 's'), known), "");
}

}  // namespace
}  // namespace gof::cli
