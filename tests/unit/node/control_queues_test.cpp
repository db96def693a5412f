#include "node/control_queues.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gof::core {
namespace {

constexpr link_id east{2}, north{3};

struct ControlQueues : ::testing::Test {
  control_queues at;

  /// A packet from the source with this number.
  static waiting_packet packet(std::uint16_t source, std::size_t size) {
    waiting_packet made;
    made.type = wire::frame_type::relay_control;
    made.head.source.value[0] = static_cast<std::uint8_t>(source >> 8);
    made.head.source.value[1] = static_cast<std::uint8_t>(source);
    made.payload.resize(size);
    return made;
  }
  static waiting_packet marked(std::uint16_t source, std::uint8_t mark, std::size_t size = 1000) {
    auto made = packet(source, size);
    made.payload.front() = mark;
    return made;
  }
  std::vector<int> all(link_id link) {
    std::vector<int> marks;
    while (const auto p = at.poll(link)) marks.push_back(p->payload.front());
    return marks;
  }
};

TEST_F(ControlQueues, gives_nothing_at_first) {
  EXPECT_FALSE(at.poll(east));
  EXPECT_EQ(at.held_bytes(), 0u);
  EXPECT_EQ(at.held_limit(), 0u);
}

TEST_F(ControlQueues, gives_each_link_what_is_for_it_in_order) {
  at.push(east, marked(1, 1));
  at.push(north, marked(1, 2));
  at.push(east, marked(1, 3));
  EXPECT_EQ(at.held_bytes(), 3000u);
  EXPECT_EQ(all(east), (std::vector{1, 3}));
  EXPECT_EQ(all(north), (std::vector{2}));
  EXPECT_EQ(at.held_bytes(), 0u);
}

TEST_F(ControlQueues, lets_pairs_of_nodes_take_turns) {
  for (std::uint8_t i = 0; i < 3; ++i) at.push(east, marked(1, i));
  at.push(east, marked(2, 20));
  EXPECT_EQ(all(east), (std::vector{0, 20, 1, 2}));
}

TEST_F(ControlQueues, keeps_the_newest_of_a_pair_whose_queue_is_full) {
  for (std::uint8_t i = 0; i < 100; ++i) at.push(east, marked(1, i));
  at.push(east, marked(2, 200));
  const auto got = all(east);
  EXPECT_EQ(got.size(), control_queues::most_of_pair / 1000 + 1);
  EXPECT_EQ(got.back(), 99);
  EXPECT_EQ(at.held_bytes(), 0u);
}

TEST_F(ControlQueues, takes_no_packet_that_is_larger_than_a_queue) {
  at.push(east, packet(1, control_queues::most_of_pair + 1));
  EXPECT_FALSE(at.poll(east));
}

TEST_F(ControlQueues, bounds_what_invented_sources_make_it_hold) {
  for (std::uint16_t i = 0; i < 3 * control_queues::most_pairs; ++i) at.push(east, packet(i, 8'000));
  EXPECT_LE(at.held_bytes(), control_queues::most_of_link);
  EXPECT_LE(at.held_bytes(), at.held_limit());
  for (int i = 0; i < 1'000; ++i) at.push(east, packet(9'999, 0));
  std::size_t count = 0, empty = 0;
  while (const auto p = at.poll(east)) {
    ++count;
    empty += p->payload.empty();
  }
  EXPECT_EQ(empty, control_queues::most_of_pair / control_queues::least_cost) << "an empty packet costs, too";
  EXPECT_LE(count, control_queues::most_pairs + empty);
  EXPECT_EQ(at.held_bytes(), 0u);
}

TEST_F(ControlQueues, loses_what_waits_for_a_link_that_died_and_nothing_else) {
  at.push(east, marked(1, 1));
  at.push(north, marked(1, 2));
  at.handle_link_down(east);
  EXPECT_FALSE(at.poll(east));
  EXPECT_EQ(at.held_bytes(), 1000u);
  EXPECT_EQ(all(north), (std::vector{2}));
}

}  // namespace
}  // namespace gof::core
