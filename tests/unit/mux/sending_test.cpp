#include "mux/sending.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gof::core {
namespace {

struct Sending : testing::Test {
  static constexpr std::size_t head = 8, largest = 1000;
  sending s{100'000, head, largest};

  void put(std::string_view text) {
    const auto room = s.prepare(text.size());
    ASSERT_GE(room.size(), text.size());
    std::copy(text.begin(), text.end(), room.begin());
    s.commit(text.size());
  }
  /// The data of the next message, which is sent.
  std::string take(std::size_t most = largest) {
    const auto whole = s.next(most);
    const std::string data(as_text(whole.subspan(head)));
    s.handle_sent(data.size());
    return data;
  }
};

}  // namespace

TEST_F(Sending, sends_what_was_written_in_place) {
  put("in place");
  ASSERT_TRUE(s.has_next());
  EXPECT_EQ(take(), "in place");
  EXPECT_FALSE(s.has_next());
}

TEST_F(Sending, joins_small_bytes_in_one_message_if_room_is_left_there) {
  const auto room = s.prepare(600);
  std::fill(room.begin(), room.end(), std::uint8_t{'a'});
  s.commit(10);
  s.write(as_bytes("b"));
  put("c");
  EXPECT_EQ(take(), std::string(10, 'a') + "bc");
}

TEST_F(Sending, sends_a_message_in_parts_if_it_may_not_be_sent_whole) {
  put("in three parts");
  EXPECT_EQ(take(6), "in thr");
  EXPECT_EQ(take(6), "ee par");
  EXPECT_EQ(take(6), "ts");
  EXPECT_FALSE(s.has_next());
}

TEST_F(Sending, gives_room_within_a_message) {
  std::size_t sent = 0;
  for (int i = 0; i < 20; ++i) {
    const auto room = s.prepare(700);
    ASSERT_GT(room.size(), 0u);
    std::fill(room.begin(), room.end(), std::uint8_t{'x'});
    s.commit(room.size());
    sent += room.size();
  }
  EXPECT_EQ(s.size(), sent);
  while (s.has_next()) {
    const auto one = take();
    EXPECT_LE(one.size(), largest);
    sent -= one.size();
  }
  EXPECT_EQ(sent, 0u);
}

TEST_F(Sending, keeps_nothing_of_room_that_was_not_used) {
  EXPECT_EQ(s.prepare(500).size(), 500u);
  s.commit(0);
  EXPECT_EQ(s.size(), 0u);
  EXPECT_FALSE(s.has_next());
  put("later");
  EXPECT_EQ(take(), "later");
}

TEST_F(Sending, gives_no_room_without_credit_beyond_a_message) {
  sending poor(0, head, largest);
  auto room = poor.prepare(5000);
  ASSERT_EQ(room.size(), largest);
  poor.commit(room.size());
  EXPECT_TRUE(poor.prepare(1).empty());
  EXPECT_FALSE(poor.has_next());
  poor.handle_credit(2000);
  EXPECT_TRUE(poor.has_next());
  EXPECT_FALSE(poor.prepare(1).empty());
  poor.commit(0);
}

TEST_F(Sending, gives_no_room_after_its_end) {
  put("all");
  s.finish();
  EXPECT_TRUE(s.prepare(1).empty());
}

TEST_F(Sending, gives_room_up_to_an_announced_end) {
  put("abc");
  s.end_at(5);
  EXPECT_EQ(s.prepare(100).size(), 2u);
  s.commit(2);
  EXPECT_TRUE(s.prepare(100).empty());
}

}  // namespace gof::core
