#include "mux/scheduler.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>

namespace gof::core {
namespace {

/// Streams are named by a letter, which is also their number.
struct Scheduler : testing::Test {
  static constexpr std::size_t largest = 64'972;
  credit_budget budget;
  credit_share share{budget, {}};
  mux_event::queue events;
  std::map<char, std::unique_ptr<mux_stream>> streams;
  std::map<char, std::size_t> sent;  ///< bytes of each stream
  scheduler turns;
  std::size_t most = SIZE_MAX;  ///< bytes of a message

  /// A stream that is accepted, with credit for all it may write.
  mux_stream& stream(char name, std::size_t largest_message = largest) {
    auto made = std::make_unique<mux_stream>(instant{50s}, share, name, UINT32_MAX, largest_message, 0);
    made->ours = made->accepted = true;
    return *(streams[name] = std::move(made));
  }
  mux_stream& holding(char name, std::size_t size) {
    auto& s = stream(name);
    s.out.write(bytes(size, 1));
    turns.add(s);
    return s;
  }

  /// Sends the next message and returns its stream's name; "-": there is none.
  std::string send() {
    const auto next = turns.next();
    if (next.from == scheduler::source::none) return "-";
    if (next.from == scheduler::source::refusal) {
      const auto n = turns.next_refusal().message.number;
      turns.handle_sent();
      return "refusal " + std::to_string(n);
    }
    const auto name = static_cast<char>(next.of->number);
    if (next.from == scheduler::source::credit) {
      turns.handle_sent();
      return std::string("credit ") + name;
    }
    const auto m = next.of->next(false, most);
    const auto data = m.whole().size() - wire::stream_data::head_size;
    sent[name] += data;
    turns.handle_sent();
    next.of->handle_sent(m.kind, data, events);
    (void)turns.charge(*next.of, data);
    return {name};
  }
};

TEST_F(Scheduler, takes_streams_in_the_order_in_which_they_came) {
  holding('a', 1);
  holding('b', 1);
  holding('c', 1);
  EXPECT_EQ(send(), "a");
  EXPECT_EQ(send(), "b");
  EXPECT_EQ(send(), "c");
  EXPECT_EQ(send(), "-");
}

TEST_F(Scheduler, sends_credit_first_and_refusals_before_data) {
  auto& a = holding('a', 1);
  auto& b = stream('b');
  EXPECT_TRUE(turns.add({1, {7, wire::reason::busy, {}}}));
  turns.add_credit(b);
  turns.add_credit(a);
  turns.add_credit(b);
  EXPECT_EQ(send(), "credit b");
  EXPECT_EQ(send(), "credit a");
  EXPECT_EQ(send(), "refusal 7");
  EXPECT_EQ(send(), "a");
  EXPECT_EQ(send(), "-");
}

TEST_F(Scheduler, sends_no_credit_for_a_stream_that_was_let_go) {
  auto& a = stream('a');
  turns.add_credit(a);
  a.abandoned = true;
  EXPECT_EQ(send(), "-");
}

TEST_F(Scheduler, lets_a_stream_go_on_while_its_share_lasts) {
  holding('a', sending::buffer_limit);
  holding('b', 1);
  EXPECT_EQ(send(), "a");
  EXPECT_EQ(send(), "a") << "a large message is a little less than the quantum";
  EXPECT_EQ(send(), "b");
  EXPECT_EQ(send(), "a");
}

TEST_F(Scheduler, takes_a_stream_that_had_nothing_to_send_before_those_that_wait_again) {
  holding('a', sending::buffer_limit);
  holding('b', sending::buffer_limit);
  for (const auto* const expected : {"a", "a", "b", "b", "a"}) EXPECT_EQ(send(), expected);
  holding('c', 1);
  EXPECT_EQ(send(), "c");
  EXPECT_EQ(send(), "b");
  EXPECT_EQ(send(), "a");
}

TEST_F(Scheduler, gives_a_stream_that_sends_again_and_again_no_more_than_the_others) {
  holding('a', sending::buffer_limit);
  EXPECT_EQ(send(), "a");
  EXPECT_EQ(send(), "a");
  auto& b = holding('b', largest);
  while (sent['a'] < sending::buffer_limit) {
    send();
    if (!b.sendable()) b.out.write(bytes(largest, 1));
    turns.add(b);
  }
  EXPECT_LE(sent['b'], sent['a'] + 2 * static_cast<std::size_t>(scheduler::quantum));
}

TEST_F(Scheduler, does_not_let_new_streams_without_end_keep_others_from_their_turns) {
  holding('a', sending::buffer_limit);
  EXPECT_EQ(send(), "a");
  EXPECT_EQ(send(), "a");
  for (char name = 'A'; name <= 'Z'; ++name) holding(name, 1);
  std::string order;
  for (int i = 0; i < 11; ++i) order += send();
  EXPECT_EQ(order, "ABCDEFGaHIJ");
}

TEST_F(Scheduler, gives_short_turns_if_told_so) {
  most = 1000;
  turns.limit_turns(1000);
  holding('a', 5000);
  holding('b', 5000);
  std::string order;
  for (int i = 0; i < 6; ++i) order += send();
  EXPECT_EQ(order, "ababab");
}

TEST_F(Scheduler, gives_small_messages_as_much_as_large_ones) {
  auto& a = stream('a');
  auto& b = stream('b', wire::stream_data::head_size + 1000);
  while (sent['a'] < 4'000'000) {
    for (auto* s : {&a, &b}) {
      if (s->out.size() < largest) s->out.write(bytes(sending::buffer_limit, 1));
      turns.add(*s);
    }
    send();
  }
  const auto with_overhead = sent['b'] + sent['b'] / 1000 * static_cast<std::size_t>(scheduler::overhead);
  EXPECT_GT(with_overhead, sent['a'] - 2 * static_cast<std::size_t>(scheduler::quantum));
  EXPECT_LT(with_overhead, sent['a'] + 2 * static_cast<std::size_t>(scheduler::quantum));
}

TEST_F(Scheduler, chooses_the_same_until_it_is_sent) {
  holding('a', 1);
  holding('b', 1);
  EXPECT_EQ(turns.next().of->number, 'a');
  EXPECT_EQ(turns.next().of->number, 'a');
  EXPECT_EQ(send(), "a");
  EXPECT_EQ(send(), "b");
}

TEST_F(Scheduler, passes_by_a_stream_that_has_nothing_to_send_any_more) {
  auto& a = holding('a', 1);
  holding('b', 1);
  a.out.handle_sent(1);
  EXPECT_EQ(send(), "b");
  a.out.write(bytes(1, 1));
  turns.add(a);
  EXPECT_EQ(send(), "a");
}

TEST_F(Scheduler, forgets_a_stream_that_goes) {
  auto& a = holding('a', 1);
  turns.add_credit(a);
  holding('b', 1);
  streams.erase('a');
  EXPECT_EQ(send(), "b");
  EXPECT_EQ(send(), "-");
}

TEST_F(Scheduler, keeps_so_many_refusals_and_no_more) {
  for (std::size_t i = 0; i < scheduler::most_refusals; ++i)
    ASSERT_TRUE(turns.add({1, {i, wire::reason::busy, {}}}));
  EXPECT_FALSE(turns.add({1, {9, wire::reason::busy, {}}}));
  EXPECT_EQ(send(), "refusal 0");
  EXPECT_TRUE(turns.add({1, {9, wire::reason::busy, {}}}));
}

}  // namespace
}  // namespace gof::core
