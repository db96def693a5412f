#include "control/slices.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

namespace gof::control {
namespace {

/// A mesh of nodes that come and go, and how it was asked for them.
struct Slices : testing::Test {
  boost::asio::io_context io;
  std::shared_ptr<const int> owner = std::make_shared<const int>(0);
  std::map<std::string, known_node> nodes;
  std::vector<std::size_t> asked;  ///< what each slice was at most
  std::size_t turns = 0;           ///< of others, while a list was made
  std::vector<std::string> shown;
  bool over = false;

  void add(std::size_t number) {
    auto text = std::to_string(number);
    text.insert(0, 16 - text.size(), '0');
    nodes[text].node = text;
  }
  known_source source() {
    return [this](const std::string& after, std::size_t most) {
      asked.push_back(most);
      std::vector<known_node> some;
      for (auto at = nodes.upper_bound(after); at != nodes.end() && some.size() < most; ++at)
        some.push_back(at->second);
      return some;
    };
  }
  void list() {
    each_known(
        io.get_executor(), owner, source(), [this](const known_node& one) { shown.push_back(one.node); },
        [this] { over = true; });
    take_turns();
  }
  void take_turns() {
    if (over) return;
    ++turns;
    boost::asio::post(io, [this] {
      if (!owner) return;
      take_turns();
    });
  }
};

TEST_F(Slices, of_a_list_are_bounded_and_others_have_their_turn_in_between) {
  constexpr std::size_t many = 4'000;
  for (std::size_t i = 0; i < many; ++i) add(i);
  list();
  EXPECT_EQ(shown.size(), slice_size) << "the rest waits for its turn";
  io.run();
  EXPECT_TRUE(over);
  EXPECT_EQ(shown.size(), many);
  EXPECT_TRUE(std::is_sorted(shown.begin(), shown.end()));
  EXPECT_THAT(asked, testing::Each(testing::Le(slice_size)));
  EXPECT_GE(asked.size(), many / slice_size);
  EXPECT_GE(turns, asked.size() - 1);
}

TEST_F(Slices, show_the_others_when_nodes_come_and_go_meanwhile) {
  for (std::size_t i = 0; i < 4 * slice_size; ++i) add(2 * i);
  list();
  nodes.erase(shown.back());
  nodes.erase(nodes.find(shown.front()));
  add(2 * slice_size + 1);
  const auto left = nodes.size();
  io.run();
  EXPECT_TRUE(over);
  EXPECT_EQ(shown.size(), left + 2) << "each once";
  const std::set<std::string> once(shown.begin(), shown.end());
  EXPECT_EQ(once.size(), shown.size());
}

TEST_F(Slices, of_a_short_list_are_one_and_at_once) {
  add(1);
  list();
  EXPECT_TRUE(over);
  EXPECT_EQ(asked.size(), 1u);
}

TEST_F(Slices, end_with_who_wanted_them) {
  for (std::size_t i = 0; i < 3 * slice_size; ++i) add(i);
  list();
  owner.reset();
  io.run();
  EXPECT_FALSE(over);
  EXPECT_EQ(shown.size(), slice_size);
}

}  // namespace
}  // namespace gof::control
