#include "block_counter.hpp"
#include "unit/mux/mux_pair.hpp"

#include <vector>

namespace gof::core {
namespace {

struct MuxWork : Mux {
  /// Adds streams that are idle and have more credit than a new one.
  void add_idle(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto n = opened();
      client.write(n, bytes(receiving::first_window, 1));
      settle();
      read(server, n);
      settle();
    }
  }
  /// The cost of a thousand turns, in each of which one stream sends a line.
  std::uint64_t cost_of_turns() {
    const auto busy = opened();
    const auto before = blocks_run();
    for (int turn = 0; turn < 1000; ++turn) {
      client.write(busy, as_bytes("a line"));
      settle();
      read(server, busy);
      client.handle_timeout(now);
      EXPECT_TRUE(client.poll_timeout().has_value());
    }
    return blocks_run() - before;
  }
};

TEST_F(MuxWork, of_a_turn_is_the_same_beside_twice_as_many_idle_streams) {
  add_idle(2000);
  const auto beside_n = cost_of_turns();
  add_idle(2000);
  const auto beside_2n = cost_of_turns();
  EXPECT_GT(beside_n, 1000u);
  EXPECT_LE(beside_2n, beside_n + beside_n / 100);
}

}  // namespace
}  // namespace gof::core
