#include "forward/peer_session.hpp"

#include <gtest/gtest.h>

namespace gof::forward {
namespace {

using namespace std::chrono_literals;

const gof::peer home = *gof::peer::parse(std::string(52, 'a'));
const gof::peer other = *gof::peer::parse(std::string(51, 'b') + 'a');

node_snapshot::session session(const gof::peer& with, const std::string& node, bool up, bool has_path,
                               std::optional<std::chrono::nanoseconds> round_trip) {
  node_snapshot::session one;
  one.peer = with;
  one.node = node;
  one.up = up;
  one.has_path = has_path;
  one.round_trip = round_trip;
  return one;
}

std::string chosen(std::vector<node_snapshot::session> all) {
  node_snapshot now;
  now.sessions = std::move(all);
  const auto* found = session_with(now, home);
  return found == nullptr ? "none" : found->node;
}

TEST(PeerSession, is_one_that_has_a_path) {
  EXPECT_EQ(chosen({session(home, "killed", true, false, 1ms), session(home, "again", true, true, 9ms)}),
            "again");
  EXPECT_EQ(chosen({session(home, "again", true, true, {}), session(home, "killed", true, false, 1ms)}),
            "again");
}

TEST(PeerSession, is_the_nearest_of_those) {
  EXPECT_EQ(chosen({session(home, "far", true, true, 9ms), session(home, "near", true, true, 1ms),
                    session(home, "unknown", true, true, {})}),
            "near");
}

TEST(PeerSession, is_up_and_with_that_peer) {
  EXPECT_EQ(chosen({session(home, "begun", false, true, 1ms), session(other, "other", true, true, 1ms)}),
            "none");
  EXPECT_EQ(chosen({session(home, "silent", true, false, {})}), "silent");
  EXPECT_EQ(chosen({}), "none");
}

}  // namespace
}  // namespace gof::forward
