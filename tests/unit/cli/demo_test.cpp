#include "cli/arguments/command_line.hpp"
#include "cli/output/progress_bar.hpp"

#include <gmock/gmock.h>

namespace gof::cli {
namespace {

using daemon::outcome;
using namespace std::chrono_literals;
using testing::HasSubstr;

outcome<parsed_command> parse(std::vector<std::string> words, const os::environment& variables = {}) {
  words.insert(words.begin(), "demo");
  return parse_command_line(words, variables);
}

TEST(Demo, takes_a_size_with_a_unit) {
  const std::pair<const char*, std::uint64_t> cases[] = {{"1M", 1u << 20},
                                                         {"1024K", 1u << 20},
                                                         {"1048576", 1u << 20},
                                                         {"2G", std::uint64_t{2} << 30},
                                                         {"64G", std::uint64_t{64} << 30}};
  for (const auto& [text, bytes] : cases) {
    const auto parsed = parse({"--size", text});
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(std::get<demo_command>(*parsed).bytes, bytes) << text;
  }
  EXPECT_EQ(std::get<demo_command>(*parse({})).bytes, 64u << 20);
}

TEST(Demo, names_a_size_that_is_none) {
  for (const char* text : {"", "0", "M", "-1M", "+1M", "1.5M", "1m", "1MB", "1 M", "1023K", "65G",
                           "99999999999999999999", "18446744073709551615K", "17179869184G"}) {
    const auto parsed = parse({std::string("--size=") + text});
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error().what, HasSubstr("--size"));
  }
}

TEST(Demo, takes_no_argument_and_no_option_of_nodes) {
  EXPECT_FALSE(parse({"now"}));
  EXPECT_FALSE(parse({"--key", "file"}));
  EXPECT_FALSE(parse({"--color", "blue"}));
  EXPECT_EQ(std::get<demo_command>(*parse({}, {{"GOF_COLOR", "never"}})).colors, log::options::color::never);
}

TEST(Progress, tells_bytes_and_rates_in_few_digits) {
  const std::pair<std::uint64_t, const char*> cases[] = {
      {0, "0 bytes"},    {999, "999 bytes"},   {1000, "1.0 KiB"},        {1024, "1.0 KiB"},
      {1536, "1.5 KiB"}, {64 << 20, "64 MiB"}, {1000u << 20, "1.0 GiB"}, {~std::uint64_t{0}, "16777216 TiB"}};
  for (const auto& [bytes, text] : cases) EXPECT_EQ(bytes_text(bytes), text);
  EXPECT_EQ(rate_text(64 << 20, 2s), "32 MiB/s");
  EXPECT_EQ(rate_text(1, 0s), "? MiB/s");
}

TEST(Progress, bar_grows_with_the_bytes_and_keeps_its_width) {
  const auto half = bar_line({32 << 20, 64 << 20, 1s, "relay north"}, 79);
  EXPECT_THAT(half, testing::StartsWith("[###############---------------]  50 %"));
  EXPECT_THAT(half, testing::EndsWith("32 MiB/s  relay north"));
  const auto none = bar_line({0, 64 << 20, 0s, "relay north"}, 79);
  const auto all = bar_line({64 << 20, 64 << 20, 100s, "relay north"}, 79);
  EXPECT_EQ(none.size(), half.size());
  EXPECT_EQ(all.size(), half.size());
  EXPECT_THAT(none, HasSubstr("[------------------------------]   0 %"));
  EXPECT_THAT(all, HasSubstr("[##############################] 100 %"));
}

TEST(Progress, line_fits_any_width) {
  const std::string note(100, 'n');
  for (std::size_t width = 0; width < 120; ++width)
    for (const auto& words : {std::string(), std::string("relay north"), note})
      EXPECT_LE(bar_line({1 << 20, 64 << 20, 1s, words}, width).size(), width) << width;
  EXPECT_THAT(bar_line({1, 2, 1s, "relay north"}, 40), testing::Not(HasSubstr("[")));
}

}  // namespace
}  // namespace gof::cli
