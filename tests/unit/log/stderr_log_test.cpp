#include "log/stderr_log.hpp"

#include "support/small_pipe.hpp"

#include <gmock/gmock.h>

#include <future>
#include <string>
#include <unistd.h>

namespace gof::log {
namespace {

using test::small_pipe;
using testing::HasSubstr;

/// A test whose stderr is a pipe.
class Lines : public testing::Test {
 protected:
  void SetUp() override {
    before_ = ::dup(STDERR_FILENO);
    ::dup2(pipe_.end(), STDERR_FILENO);
  }
  void give_back() {
    if (before_ < 0) return;
    ::dup2(before_, STDERR_FILENO);
    ::close(std::exchange(before_, -1));
  }
  void TearDown() override { give_back(); }

  small_pipe pipe_;
  int before_ = -1;
};

class Dropped : public Lines, public testing::WithParamInterface<options::format> {};

INSTANTIATE_TEST_SUITE_P(Lines, Dropped, testing::Values(options::format::text, options::format::json));

TEST_P(Dropped, lines_are_counted_where_they_are_missing) {
  constexpr int dropped = 400;
  options chosen;
  chosen.lines = GetParam();
  stderr_log to(chosen, false);
  to.run_on();
  pipe_.fill();
  const std::string text(1000, 'x');
  for (int i = 0; i < dropped; ++i) to.write(level::info, text);
  std::string all;
  // The next line that finds room reports it.
  const std::string_view words = " lines of this log could not be written and are missing here";
  while (all.find(words) == all.npos) {
    to.write(level::info, "the next line");
    all += pipe_.read(1000);
  }
  const auto at = all.find(words);
  auto digits = at;
  while (std::isdigit(static_cast<unsigned char>(all[digits - 1])) != 0) --digits;
  const auto missing = std::stoul(all.substr(digits, at - digits));
  const auto before = std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  EXPECT_GE(before + missing, dropped);
  EXPECT_GT(before, 200);
  // Nothing else reads the pipe, and the log has to end.
  pipe_.drain();
}

TEST_F(Lines, of_json_have_time_level_message_and_what_scripts_look_for) {
  options chosen;
  chosen.lines = options::format::json;
  std::string all;
  {
    stderr_log to(chosen, false);
    to.write(level::warning, "a \"word\" \xff", {"link-up", "abcdef", "0123"});
    to.write(level::info, "only words");
  }
  while (std::count(all.begin(), all.end(), '\n') < 2) all += pipe_.read(1);
  const std::string time =
      R"("time":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{5}[+-][0-9]{2}:[0-9]{2}")";
  EXPECT_THAT(all, testing::MatchesRegex(R"(\{"version":1,)" + time +
                                         R"(,"level":"warning","message":"a \\"word\\" )"
                                         "\xef\xbf\xbd"
                                         R"(","event":"link-up","peer":"abcdef","node":"0123"\}
\{"version":1,)" + time + R"(,"level":"info","message":"only words"\}
)"));
}

TEST_F(Lines, are_written_when_the_program_ends) {
  auto reading = std::async(std::launch::async, [this] { return pipe_.read(100 * 15); });
  {
    stderr_log to({}, false);
    to.run_on();
    for (int i = 100; i < 200; ++i) to.write(level::info, "line number " + std::to_string(i).substr(1));
    to.print("");
  }
  const auto all = reading.get();
  EXPECT_THAT(all, HasSubstr("line number 00\n"));
  EXPECT_THAT(all, HasSubstr("line number 99\n"));
}

}  // namespace
}  // namespace gof::log
