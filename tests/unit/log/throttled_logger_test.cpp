#include "log/throttled_logger.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gof::log {
namespace {

using namespace std::chrono_literals;

class kept_lines final : public logger {
 public:
  void write(level, const std::string& line, const fields&) override { lines.push_back(line); }
  std::vector<std::string> lines;
};

TEST(ThrottledLogger, tells_how_many_lines_it_held_back_with_the_next) {
  kept_lines kept;
  throttled_logger limited(kept, 1, 10s);
  for (int knock = 0; knock < 1000; ++knock)
    limited.write(level::warning, "a knock", instant(1s + knock * 1ms));
  limited.write(level::warning, "a knock", instant(12s));
  limited.write(level::warning, "a knock", instant(30s));
  EXPECT_EQ(kept.lines,
            (std::vector<std::string>{"a knock", "a knock (and 999 more like it before)", "a knock"}));
}

}  // namespace
}  // namespace gof::log
