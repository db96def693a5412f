#include "os/background_writer.hpp"

#include "support/small_pipe.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <future>
#include <string>

namespace gof::os {
namespace {

using namespace std::chrono_literals;
using test::small_pipe;

auto now() {
  return std::chrono::steady_clock::now();
}

TEST(BackgroundWriter, writes_in_order_and_each_text_whole) {
  small_pipe to;
  background_writer out;
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

TEST(BackgroundWriter, waits_for_what_is_said_before_the_loop_runs) {
  small_pipe to;
  background_writer out;
  for (int i = 0; i < 20; ++i) {
    out.write(to.end(), "x");
    EXPECT_TRUE(out.is_idle());
  }
}

TEST(BackgroundWriter, gives_up_waiting_for_a_reader_before_the_loop_runs) {
  small_pipe to;
  to.fill();
  background_writer out;
  const auto since = now();
  for (int i = 0; i < 20; ++i) out.write(to.end(), "x");
  EXPECT_GE(now() - since, background_writer::patience_at_start);
  EXPECT_LT(now() - since, 20 * background_writer::patience_at_start) << "in total, not for each text";
  EXPECT_EQ(to.read(20), std::string(20, 'x')) << "and nothing is lost";
}

TEST(BackgroundWriter, never_waits_while_the_loop_runs_and_counts_what_finds_no_room) {
  small_pipe to;
  to.fill();
  background_writer out;
  out.run_on();
  const std::string text(1000, 'x');
  constexpr auto fit = background_writer::most_waiting / 1000;
  for (std::size_t i = 0; i < fit + 7; ++i) out.write(to.end(), text);
  EXPECT_FALSE(out.is_idle());
  EXPECT_EQ(out.take_lost(), 7);
  EXPECT_EQ(out.take_lost(), 0) << "reported once";
  out.write(to.end(), text, 5);
  EXPECT_EQ(out.take_lost(), 5) << "a text may count as several";
  EXPECT_EQ(to.read(fit * 1000).size(), fit * 1000) << "what found room is still written";
  out.write(to.end(), "y");
  EXPECT_EQ(to.read(1), "y");
}

TEST(BackgroundWriter, waits_at_the_end_for_what_is_not_written_and_not_for_long) {
  small_pipe to;
  to.fill();
  background_writer out;
  out.run_on();
  out.write(to.end(), "x");
  const auto since = now();
  EXPECT_FALSE(out.finish(50ms));
  EXPECT_GE(now() - since, 50ms);
  auto reading = std::async(std::launch::async, [&] { return to.read(1); });
  EXPECT_TRUE(out.finish(10s));
  EXPECT_EQ(reading.get(), "x");
}

TEST(BackgroundWriter, counts_what_cannot_be_written) {
  small_pipe to;
  background_writer out;
  out.run_on();
  out.write(-1, "to nobody");
  out.write(to.end(), "x");
  EXPECT_EQ(to.read(1), "x");
  EXPECT_TRUE(out.finish(10s));
  EXPECT_EQ(out.take_lost(), 1);
}

TEST(BackgroundWriter, waits_for_room_behind_a_descriptor_that_does_not_block) {
  small_pipe to;
  to.fill();
  ::fcntl(to.end(), F_SETFL, O_NONBLOCK);
  background_writer out;
  out.run_on();
  out.write(to.end(), "whole");
  EXPECT_EQ(to.read(5), "whole");
  EXPECT_TRUE(out.finish(10s));
  EXPECT_EQ(out.take_lost(), 0);
}

}  // namespace
}  // namespace gof::os
