#include "cli/output.hpp"

#include "cli/log.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <future>
#include <string>
#include <thread>
#include <unistd.h>

namespace gof::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// A pipe as small as can be.
class small_pipe {
 public:
  small_pipe() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) std::abort();
    room_ = ::fcntl(ends_[1], F_SETPIPE_SZ, 4096);
  }
  ~small_pipe() {
    close_end();
    ::close(ends_[0]);
  }
  small_pipe(const small_pipe&) = delete;
  small_pipe& operator=(const small_pipe&) = delete;

  int end() const { return ends_[1]; }
  void fill() { EXPECT_EQ(::write(ends_[1], std::string(room_, '.').data(), room_), room_); }
  /// From now on nothing is kept.
  void drain() {
    std::thread([from = ::dup(ends_[0])] {
      char some[4096];
      while (::read(from, some, sizeof some) > 0) continue;
      ::close(from);
    }).detach();
  }
  void close_end() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }
  /// The next that come, after those that fill() put there.
  std::string read(std::size_t size) {
    std::string text;
    while (text.size() < size) {
      char byte = 0;
      if (::read(ends_[0], &byte, 1) != 1) break;
      if (byte != '.') text += byte;
    }
    return text;
  }

 private:
  int ends_[2];
  int room_ = 0;
};

auto now() {
  return std::chrono::steady_clock::now();
}

TEST(Output, writes_in_order_and_each_text_whole) {
  small_pipe to;
  output out;
  std::string all;
  auto reading = std::async(std::launch::async, [&] { return to.read(200 * 100); });
  out.run_on();
  for (int i = 0; i < 200; ++i) {
    std::string text(100, static_cast<char>('a' + i % 26));
    all += text;
    out.write(to.end(), text);
  }
  EXPECT_EQ(reading.get(), all);
  EXPECT_TRUE(out.finish(10s));
  EXPECT_EQ(out.take_lost(), 0);
}

TEST(Output, waits_for_what_is_said_before_the_loop_runs) {
  small_pipe to;
  output out;
  for (int i = 0; i < 20; ++i) {
    out.write(to.end(), "x");
    EXPECT_TRUE(out.is_idle());
  }
}

TEST(Output, gives_up_waiting_for_a_reader_before_the_loop_runs) {
  small_pipe to;
  to.fill();
  output out;
  const auto since = now();
  for (int i = 0; i < 20; ++i) out.write(to.end(), "x");
  EXPECT_GE(now() - since, output::patience_at_start);
  EXPECT_LT(now() - since, 20 * output::patience_at_start) << "in all, not for each";
  EXPECT_EQ(to.read(20), std::string(20, 'x')) << "and loses none of it";
}

TEST(Output, never_waits_while_the_loop_runs_and_counts_what_finds_no_room) {
  small_pipe to;
  to.fill();
  output out;
  out.run_on();
  const std::string text(1000, 'x');
  constexpr auto fit = output::most_waiting / 1000;
  for (std::size_t i = 0; i < fit + 7; ++i) out.write(to.end(), text);
  EXPECT_FALSE(out.is_idle());
  EXPECT_EQ(out.take_lost(), 7);
  EXPECT_EQ(out.take_lost(), 0) << "told once";
  out.write(to.end(), text, 5);
  EXPECT_EQ(out.take_lost(), 5) << "a text may stand for several";
  EXPECT_EQ(to.read(fit * 1000).size(), fit * 1000) << "what found room is written all the same";
  out.write(to.end(), "y");
  EXPECT_EQ(to.read(1), "y");
}

TEST(Output, waits_at_the_end_for_what_is_not_written_and_not_for_long) {
  small_pipe to;
  to.fill();
  output out;
  out.run_on();
  out.write(to.end(), "x");
  const auto since = now();
  EXPECT_FALSE(out.finish(50ms));
  EXPECT_GE(now() - since, 50ms);
  auto reading = std::async(std::launch::async, [&] { return to.read(1); });
  EXPECT_TRUE(out.finish(10s));
  EXPECT_EQ(reading.get(), "x");
}

TEST(Output, counts_what_cannot_be_written) {
  small_pipe to;
  output out;
  out.run_on();
  out.write(-1, "to nobody");
  out.write(to.end(), "x");
  EXPECT_EQ(to.read(1), "x");
  EXPECT_TRUE(out.finish(10s));
  EXPECT_EQ(out.take_lost(), 1);
}

TEST(Output, waits_for_room_behind_a_descriptor_that_does_not_block) {
  small_pipe to;
  to.fill();
  ::fcntl(to.end(), F_SETFL, O_NONBLOCK);
  output out;
  out.run_on();
  out.write(to.end(), "whole");
  EXPECT_EQ(to.read(5), "whole");
  EXPECT_TRUE(out.finish(10s));
  EXPECT_EQ(out.take_lost(), 0);
}

/// stderr is the pipe meanwhile.
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

class Dropped : public Lines, public testing::WithParamInterface<log_options::format> {};

INSTANTIATE_TEST_SUITE_P(Lines, Dropped,
                         testing::Values(log_options::format::text, log_options::format::json));

TEST_P(Dropped, lines_are_counted_where_they_are_missing) {
  constexpr int dropped = 400;
  log_options options;
  options.lines = GetParam();
  log to(options, false);
  to.run_on();
  pipe_.fill();
  const std::string text(1000, 'x');
  for (int i = 0; i < dropped; ++i) to.write(forward::level::note, text);
  std::string all;
  // The next one says it, once there is room for it.
  const std::string_view words = " lines of this log could not be written and are missing here";
  while (all.find(words) == all.npos) {
    to.write(forward::level::note, "the next line");
    all += pipe_.read(1000);
  }
  const auto at = all.find(words);
  auto digits = at;
  while (std::isdigit(static_cast<unsigned char>(all[digits - 1])) != 0) --digits;
  const auto missing = std::stoul(all.substr(digits, at - digits));
  const auto before = std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  EXPECT_GE(before + missing, dropped);
  EXPECT_GT(before, 200);
  // So that it can end: nobody reads on.
  pipe_.drain();
}

TEST_F(Lines, are_written_when_the_program_ends) {
  auto reading = std::async(std::launch::async, [this] { return pipe_.read(100 * 15); });
  {
    log to({}, false);
    to.run_on();
    for (int i = 100; i < 200; ++i)
      to.write(forward::level::note, "line number " + std::to_string(i).substr(1));
    to.print("");
  }
  const auto all = reading.get();
  EXPECT_THAT(all, HasSubstr("line number 00\n"));
  EXPECT_THAT(all, HasSubstr("line number 99\n"));
}

}  // namespace
}  // namespace gof::cli
