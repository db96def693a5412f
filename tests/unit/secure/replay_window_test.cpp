#include "secure/replay_window.hpp"

#include "secure/numbers.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace gof::secure {
namespace {

/// A slow window with the same rules.
class remembered_numbers {
 public:
  bool fresh(std::uint64_t number) const {
    if (seen_.empty() || number > *seen_.rbegin()) return true;
    return *seen_.rbegin() - number < replay_window::size && !seen_.contains(number);
  }
  void mark(std::uint64_t number) { seen_.insert(number); }
  std::uint64_t newest() const { return seen_.empty() ? 0 : *seen_.rbegin(); }

 private:
  std::set<std::uint64_t> seen_;
};

TEST(Replay_window, takes_each_number_once) {
  replay_window window;
  EXPECT_TRUE(window.fresh(0));
  EXPECT_TRUE(window.is_newest(0));
  window.mark(0);
  EXPECT_FALSE(window.fresh(0));
  EXPECT_FALSE(window.is_newest(0));
  EXPECT_TRUE(window.fresh(1));
}

TEST(Replay_window, takes_late_numbers_up_to_its_size) {
  replay_window window;
  window.mark(100'000);
  EXPECT_TRUE(window.fresh(100'000 - replay_window::size + 1));
  EXPECT_FALSE(window.fresh(100'000 - replay_window::size));
  EXPECT_FALSE(window.fresh(0));
}

TEST(Replay_window, forgets_all_when_numbers_jump_beyond_it) {
  for (const std::uint64_t jump :
       {replay_window::size - 1, replay_window::size, replay_window::size + 1, replay_window::size + 63,
        replay_window::size + 64, replay_window::size * 100}) {
    replay_window window;
    for (std::uint64_t number = 1000; number < 1200; ++number) window.mark(number);
    const auto newest = 1199 + jump;
    window.mark(newest);
    for (auto number = newest - replay_window::size + 1; number < newest; ++number)
      ASSERT_EQ(window.fresh(number), number >= 1200) << "jump " << jump << ", number " << number;
  }
}

TEST(Replay_window, works_to_the_last_number) {
  constexpr auto last = std::numeric_limits<std::uint64_t>::max();
  replay_window window;
  window.mark(3);
  window.mark(last);
  EXPECT_FALSE(window.fresh(last));
  EXPECT_FALSE(window.fresh(3));
  EXPECT_TRUE(window.fresh(last - replay_window::size + 1));
}

TEST(Replay_window, ignores_a_mark_older_than_itself) {
  replay_window window;
  window.mark(50'000);
  window.mark(5);
  EXPECT_TRUE(window.fresh(50'001));
  for (auto number = 50'000 - replay_window::size + 1; number < 50'000; ++number)
    ASSERT_TRUE(window.fresh(number));
}

TEST(Replay_window, agrees_with_a_set_over_random_numbers) {
  numbers random;
  for (int run = 0; run < 20; ++run) {
    replay_window window;
    remembered_numbers oracle;
    std::uint64_t number = random.below(3) == 0 ? random.number() >> 8 : random.below(200);
    for (int step = 0; step < 5000; ++step) {
      const auto reach = std::uint64_t{1} << random.below(17);
      const auto newest = std::max(oracle.newest(), number);
      number = random.happens(60) ? newest + random.below(reach)
                                  : newest - std::min(newest, random.below(2 * reach));
      ASSERT_EQ(window.fresh(number), oracle.fresh(number)) << "number " << number << ", newest " << newest;
      if (!oracle.fresh(number)) continue;
      window.mark(number);
      oracle.mark(number);
    }
  }
}

}  // namespace
}  // namespace gof::secure
