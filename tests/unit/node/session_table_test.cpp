#include "node/session_table.hpp"

#include "secure/derive.hpp"
#include "support/polling.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

/// Two members' sessions with each other, over one link whose packets the test passes on.
struct SessionTable : ::testing::Test {
  struct end {
    end(std::uint64_t seed, sctp::stack& stack)
        : random(seed),
          config{secure::identity::generate(random), secure::secret32(bytes(32, 7)), {}},
          instance(random.draw<instance_id>()),
          node(secure::node_of(config.self.id(), instance)),
          table(config, instance, node, stack, random, budget) {}
    test::seeded_random random;
    node_config config;
    instance_id instance;
    node_id node;
    credit_budget budget;
    session_table table;
    std::vector<session_table::event> events;

    template <class Event>
    std::size_t count() const {
      std::size_t n = 0;
      for (const auto& e : events) n += std::holds_alternative<Event>(e.what);
      return n;
    }
  };
  sctp::stack stack;
  end near{1, stack};
  end far{2, stack};
  instant now{100s};
  const path direct{link_id{1}, {}, {}};
  const path other{link_id{2}, {7}, {}};

  void start(std::vector<path> candidates) {
    session_credentials with;
    with.crypto_key = secure::link_secrets(*near.config.network_key).crypto;
    near.table.start(now, far.node, far.config.self.id(), with, std::move(candidates));
  }
  void deliver(end& to, const remote::outgoing& p, mutable_bytes payload) {
    const link::received in{p.type, p.head, payload};
    if (in.head.is_crypto)
      to.table.handle_crypto(now, in, direct);
    else
      to.table.handle_packet(now, in, direct);
  }
  bool carry(end& from, end& to) {
    bool moved = false;
    if (const auto due = from.table.poll_timeout(); due && *due <= now) from.table.handle_timeout(now);
    from.table.settle(now);
    while (auto e = from.table.poll_event()) from.events.push_back(std::move(*e));
    while (const auto node = from.table.poll_ready()) {
      auto* r = from.table.find(*node);
      if (r == nullptr || !r->current_path()) continue;
      const auto write = [&](const remote::outgoing& p) {
        bytes payload(p.size);
        r->write(p, payload);
        deliver(to, p, payload);
        moved = true;
      };
      while (const auto p = r->poll_control(now)) write(*p);
      while (const auto p = r->poll_data(now, 1 << 20)) write(*p);
      from.table.handle_written(*node);
    }
    return moved;
  }
  void settle() {
    test::until_silent([&] { return carry(near, far); }, [&] { return carry(far, near); },
                       [&] {
                         const auto due = near.table.poll_timeout();
                         return due && *due <= now;
                       });
  }
  void bring_up() {
    start({direct});
    settle();
  }
};

TEST_F(SessionTable, comes_up_at_both_ends) {
  bring_up();
  EXPECT_EQ(near.count<session_up>(), 1u);
  EXPECT_EQ(far.count<session_up>(), 1u);
  EXPECT_NE(near.table.streams(far.node), nullptr);
}

TEST_F(SessionTable, finds_one_by_its_peer_while_it_is_being_made) {
  start({direct});
  EXPECT_EQ(near.table.of(far.config.self.id()), std::vector{far.node});
  EXPECT_FALSE(near.table.may_start(far.node));
  EXPECT_TRUE(far.table.of(near.config.self.id()).empty());
  settle();
  EXPECT_EQ(far.table.of(near.config.self.id()), std::vector{near.node});
}

TEST_F(SessionTable, goes_by_the_first_of_its_paths) {
  start({other, direct});
  EXPECT_EQ(near.table.by_link(other.link), std::vector{far.node});
  EXPECT_TRUE(near.table.by_link(direct.link).empty());
}

TEST_F(SessionTable, follows_a_path_to_another_link) {
  bring_up();
  near.table.set_path(now, far.node, other);
  EXPECT_TRUE(near.table.by_link(direct.link).empty());
  EXPECT_EQ(near.table.by_link(other.link), std::vector{far.node});
  EXPECT_EQ(near.table.poll_path_changed(), far.node);
  EXPECT_FALSE(near.table.poll_path_changed());
}

TEST_F(SessionTable, ends_its_flow_with_the_path) {
  bring_up();
  const wire::flow id{near.node, far.node, 1};
  near.table.find(far.node)->begin_flow({direct.link, id, now});
  near.table.set_path(now, far.node, other);
  const auto ended = near.table.poll_ended_flow();
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->id, id);
  EXPECT_FALSE(near.table.find(far.node)->flow());
}

TEST_F(SessionTable, takes_another_path_when_one_is_silent_if_it_chooses) {
  bring_up();
  EXPECT_TRUE(near.table.suspect_path(now, far.node, false));
  near.table.choose_path(now, far.node, {direct, other});
  EXPECT_EQ(near.table.find(far.node)->current_path(), other);
  EXPECT_FALSE(far.table.suspect_path(now, near.node, false)) << "a server follows its client";
}

TEST_F(SessionTable, asks_for_a_round_trip_once_it_stands) {
  EXPECT_FALSE(near.table.ask(now, far.config.self.id()));
  bring_up();
  EXPECT_EQ(near.count<session::answered>(), 1u) << "the earlier request was remembered";
  EXPECT_TRUE(near.table.ask(now, far.config.self.id()));
  settle();
  EXPECT_EQ(near.count<session::answered>(), 2u);
}

TEST_F(SessionTable, begins_none_again_while_it_is_postponed) {
  bring_up();
  near.table.postpone(now, far.node);
  near.table.forget(far.node);
  EXPECT_TRUE(near.table.of(far.config.self.id()).empty());
  EXPECT_FALSE(near.table.may_start(far.node));
  EXPECT_FALSE(near.table.handle_timeout(now));
  EXPECT_TRUE(near.table.handle_timeout(now + session_table::retry_time));
  EXPECT_TRUE(near.table.may_start(far.node));
}

TEST_F(SessionTable, needs_no_choice_where_it_has_the_best_path) {
  bring_up();
  EXPECT_TRUE(near.table.keeps(far.node, direct));
  EXPECT_FALSE(near.table.keeps(far.node, other));
  EXPECT_FALSE(near.table.keeps(far.node, std::nullopt)) << "its path is gone";
  near.table.suspect_path(now, far.node, false);
  EXPECT_FALSE(near.table.keeps(far.node, direct)) << "it failed";
}

TEST_F(SessionTable, touches_none_while_all_are_idle) {
  bring_up();
  now += 30s;
  for (int i = 0; i < 20; ++i) {
    stack.advance(now);
    near.table.handle_tick();
    far.table.handle_tick();
    settle();
    now += 10ms;
  }
  near.table.handle_tick();
  near.table.settle(now);
  EXPECT_FALSE(near.table.poll_ready());
}

}  // namespace
}  // namespace gof::core
