#include "mesh/mesh.hpp"

#include "harness.hpp"
#include "wire/record_frame.hpp"

#include <gtest/gtest.h>

namespace gof::core {
namespace {

using wire::frame_type;

bytes frame_of(const bytes& record, std::uint32_t remaining = 600) {
  return wire::record_frame{remaining, record}.encode();
}

/// Hosts in a row, each linked to the one before.
struct Mesh : testing::Test {
  harness world{1};
  std::vector<link_id> links;

  void row(std::size_t hosts) {
    for (std::size_t i = 0; i < hosts; ++i) {
      world.start(world.add());
      if (i > 0) links.push_back(world.link(i - 1, i));
    }
  }
  std::vector<route> routes(std::size_t from, std::size_t to) {
    return world[from].at->routes_to(world.node(to));
  }
};

TEST_F(Mesh, of_two_knows_the_other) {
  row(2);
  world.run(1s);
  EXPECT_TRUE(world.all_know_all());
  ASSERT_EQ(routes(0, 1).size(), 1u);
  EXPECT_TRUE(routes(0, 1)[0].labels.empty());
  ASSERT_TRUE(world[0].at->profile_of(world.node(1)));
  EXPECT_EQ(world[0].at->profile_of(world.node(1))->name, "host-1");
  EXPECT_EQ(world[0].at->nodes_of(world[1].who.self.id()), std::vector{world.node(1)});
  EXPECT_EQ(world[0].at->peer_of(world.node(1)), world[1].who.self.id());
}

TEST_F(Mesh, learns_of_each_other_by_others_alone) {
  row(7);
  world.run(5s);
  EXPECT_TRUE(world.all_know_all());
  const auto found = routes(0, 6);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].through.size(), 5u);
  for (std::size_t i = 1; i <= 5; ++i) {
    EXPECT_EQ(found[0].through[i - 1], world.node(i));
    EXPECT_EQ(found[0].labels[i - 1], label_of(world.node(i), world.node(i + 1), {}));
  }
}

TEST_F(Mesh, hears_of_a_route_as_soon_as_the_records_come) {
  row(2);
  world.run(5s);
  world.start(world.add());
  world.link(1, 2);
  world.run(harness::delay + 1ms);
  EXPECT_FALSE(world[0].known.contains(world.node(2)));
  world.run(harness::delay);
  EXPECT_TRUE(world[0].known.contains(world.node(2))) << "the relay and the new node published at once";
  world.run(harness::delay);
  EXPECT_TRUE(world[2].known.contains(world.node(0))) << "a list, the question and the answer";
}

TEST_F(Mesh, looks_at_its_routes_twenty_times_in_a_busy_second) {
  row(2);
  world.run(5s);
  const auto before = world[0].routes_changed;
  for (int i = 0; i < 100; ++i) {
    world[0].at->handle_round_trip(world.now(), links[0], i % 2 == 0 ? 10ms : 100ms);
    world.run(10ms);
  }
  EXPECT_GE(world[0].routes_changed, before + 10);
  EXPECT_LE(world[0].routes_changed, before + 20);
}

TEST_F(Mesh, knows_a_node_too_far_away_but_has_no_route_to_it) {
  row(8);
  world.run(5s);
  EXPECT_TRUE(world[0].at->profile_of(world.node(7)));
  EXPECT_TRUE(routes(0, 7).empty());
  EXPECT_FALSE(world[0].known.contains(world.node(7)));
  EXPECT_EQ(world[0].known.size(), 6u);
}

TEST_F(Mesh, gives_a_node_up_that_has_no_route_for_ten_seconds) {
  row(3);
  world.run(5s);
  world.kill(2);
  world.run(9s);
  EXPECT_TRUE(world[0].known.contains(world.node(2)));
  EXPECT_TRUE(routes(0, 2).empty()) << "its relay reports it within two seconds";
  world.run(4s);
  EXPECT_FALSE(world[0].known.contains(world.node(2)));
}

TEST_F(Mesh, takes_back_a_node_that_starts_again_as_another) {
  row(3);
  world.run(5s);
  world.kill(2);
  world.start(2);
  world.link(1, 2);
  world.run(3s);
  EXPECT_TRUE(world[0].known.contains(world.node(2)));
  EXPECT_EQ(world[0].at->nodes_of(world[2].who.self.id()), std::vector{world.node(2)});
  world.run(15s);
  EXPECT_TRUE(world.all_know_all());
}

TEST_F(Mesh, forgets_the_records_of_a_dead_node_in_time) {
  row(3);
  world.run(5s);
  world.kill(2);
  world.run(std::chrono::seconds(publisher::lifetime));
  EXPECT_EQ(world[0].at->peer_of(world.node(2)), std::nullopt);
  EXPECT_TRUE(world[0].at->profile_of(world.node(1))) << "it was renewed meanwhile";
  EXPECT_TRUE(world.all_know_all());
}

TEST_F(Mesh, publishes_a_burst_at_once_and_then_every_two_seconds) {
  row(2);
  world.run(5s);
  const auto seq = [&](wire::record_part part) {
    return world[1].at->records().find({world.node(0), part})->seq;
  };
  const auto before = seq(wire::record_part::profile);
  wire::record_profile p;
  for (int i = 0; i < 20; ++i) {
    p.name = std::to_string(i);
    world[0].at->set_profile(world.now(), p);
    world.run(100ms);
  }
  world.run(3s);
  EXPECT_LE(seq(wire::record_part::profile), before + 5) << "20 changes in 2 s, and 3 s more";
  EXPECT_EQ(world[1].at->profile_of(world.node(0))->name, "19");
}

TEST_F(Mesh, tells_of_a_round_trip_that_doubled_and_not_of_one_that_wobbles) {
  row(3);
  world.run(5s);
  const auto cost = [&] { return routes(0, 2).at(0).cost; };
  const auto before = cost();
  for (const auto end : {1, 2})
    world[static_cast<std::size_t>(end)].at->handle_round_trip(world.now(), links[1], 25ms);
  world.run(5s);
  EXPECT_EQ(cost(), before);
  for (const auto end : {1, 2})
    world[static_cast<std::size_t>(end)].at->handle_round_trip(world.now(), links[1], 80ms);
  world.run(5s);
  EXPECT_GT(cost(), before + 25ms);
}

TEST_F(Mesh, tells_a_guest_all_links_and_its_issuers_profiles) {
  row(3);
  const auto guest = world.add(false);
  world.start(guest);
  world.link(guest, 0, {world[2].who.self.id()});
  world.run(5s);
  const auto& its = *world[guest].at;
  EXPECT_EQ(its.routes_to(world.node(2)).size(), 1u);
  EXPECT_TRUE(its.profile_of(world.node(2)));
  EXPECT_FALSE(its.profile_of(world.node(0)));
  EXPECT_FALSE(its.profile_of(world.node(1)));
  EXPECT_EQ(world[guest].known.size(), 3u);
  EXPECT_FALSE(world[0].known.contains(world.node(guest)));
  EXPECT_FALSE(world[1].at->peer_of(world.node(guest)));
  EXPECT_EQ(world[0].at->routes_to(world.node(guest)).size(), 1u) << "a node linked to it may answer";
  EXPECT_TRUE(routes(1, guest).empty());
}

TEST_F(Mesh, shows_a_guest_another_profile_with_another_ticket) {
  row(2);
  const auto guest = world.add(false);
  world.start(guest);
  const auto link = world.link(guest, 0, {world[0].who.self.id()});
  world.run(5s);
  EXPECT_FALSE(world[guest].at->profile_of(world.node(1)));
  mesh::neighbour more;
  more.link = link;
  more.node = world.node(guest);
  more.peer = world[guest].who.self.id();
  more.is = mesh::neighbour::kind::guest;
  more.issuers = {world[0].who.self.id(), world[1].who.self.id()};
  world[0].at->handle_link_up(world.now(), more);
  world.run(1s);
  EXPECT_TRUE(world[guest].at->profile_of(world.node(1)));
}

/// What it sends next without being asked: the frame types.
std::vector<frame_type> types_of(instant now, mesh& of) {
  std::vector<frame_type> types;
  while (const auto out = of.poll_transmit(now)) types.push_back(out->type);
  return types;
}

TEST_F(Mesh, answers_a_list_with_what_is_newer_on_either_side) {
  row(2);
  world.run(5s);
  auto& m = *world[0].at;
  const wire::record_name theirs{world.node(1), wire::record_part::links};
  const auto seq = m.records().find(theirs)->seq;
  const auto told = [&](std::uint64_t number) {
    const auto body = wire::have{{{theirs, number}}}.encode();
    EXPECT_TRUE(m.handle_frame(world.now(), links[0], frame_type::have, body));
    return types_of(world.now(), m);
  };
  EXPECT_TRUE(told(seq).empty());
  EXPECT_EQ(told(seq - 1), std::vector{frame_type::record});
  EXPECT_EQ(told(seq + 1), std::vector{frame_type::want});
  EXPECT_TRUE(told(wire::record::no_seq).empty()) << "no record can have this number";
}

TEST_F(Mesh, gives_a_guest_no_profile_that_it_may_not_see_when_asked) {
  row(2);
  const auto guest = world.add(false);
  world.start(guest);
  const auto link = world.link(guest, 0, {world[0].who.self.id()});
  world.run(5s);
  auto& m = *world[0].at;
  const auto asked = [&](std::size_t whose, wire::record_part part) {
    const auto body = wire::want{{{world.node(whose), part}}}.encode();
    EXPECT_TRUE(m.handle_frame(world.now(), link, frame_type::want, body));
    return types_of(world.now(), m).size();
  };
  EXPECT_EQ(asked(0, wire::record_part::profile), 1u);
  EXPECT_EQ(asked(1, wire::record_part::links), 1u);
  EXPECT_EQ(asked(1, wire::record_part::profile), 0u);
}

TEST_F(Mesh, believes_the_issuer_alone_that_a_grant_is_withdrawn) {
  row(3);
  world.run(5s);
  grant_id grant;
  grant.value.fill(7);
  const auto& issuer = world[2].who.self.id();
  wire::record_profile says;
  says.withdrawn = {grant};
  world[1].at->set_profile(world.now(), says);
  world.run(5s);
  EXPECT_FALSE(world[0].at->is_withdrawn(issuer, grant));
  EXPECT_TRUE(world[0].at->is_withdrawn(world[1].who.self.id(), grant)) << "its own grant with this id";
  world[2].at->set_profile(world.now(), says);
  world.run(5s);
  EXPECT_TRUE(world[0].at->is_withdrawn(issuer, grant));
  grant.value.fill(8);
  EXPECT_FALSE(world[0].at->is_withdrawn(issuer, grant));
  world.kill(2);
  world.run(std::chrono::seconds(publisher::lifetime + 1));
  grant.value.fill(7);
  EXPECT_FALSE(world[0].at->is_withdrawn(issuer, grant)) << "no profile withdraws it any more";
}

TEST_F(Mesh, tells_once_of_a_profile_that_changed) {
  row(1);
  const auto guest = world.add(false);
  world.start(guest);
  const auto link = world.link(guest, 0);
  auto& m = *world[guest].at;
  author other = world[0].who;
  wire::record_profile says;
  const auto told = [&](std::uint64_t seq) {
    EXPECT_TRUE(m.handle_frame(world.now(), link, frame_type::record, frame_of(other.profile(seq, says))));
    std::size_t count = 0;
    while (const auto e = m.poll_event(world.now()))
      if (const auto* p = std::get_if<mesh::profile_changed>(&*e)) count += p->peer == other.self.id();
    return count;
  };
  EXPECT_EQ(told(1000), 1u);
  EXPECT_EQ(told(1001), 0u) << "the content is the same";
  says.addresses.push_back({"a", 1});
  EXPECT_EQ(told(1002), 1u);
}

TEST_F(Mesh, parts_from_a_guest_that_publishes) {
  row(1);
  const auto guest = world.add(false);
  world.start(guest);
  const auto link = world.link(guest, 0);
  EXPECT_FALSE(world.inject(0, link, frame_type::record, frame_of(world[guest].who.links(1))));
  EXPECT_FALSE(world.inject(0, link, frame_type::have, {}));
  EXPECT_TRUE(world.inject(0, link, frame_type::want, {}));
  EXPECT_EQ(world[0].at->peer_of(world.node(guest)), world[guest].who.self.id()) << "known from the link";
  EXPECT_FALSE(world[0].at->records().peer_of(world.node(guest)));
}

TEST_F(Mesh, parts_from_who_breaks_the_protocol) {
  row(2);
  EXPECT_FALSE(world.inject(0, links[0], frame_type::have, bytes(3)));
  EXPECT_FALSE(world.inject(0, links[0], frame_type::want, bytes(3)));
  EXPECT_FALSE(world.inject(0, links[0], frame_type::record, bytes(3)));
  EXPECT_FALSE(world.inject(0, links[0], frame_type::ping, bytes(4)));
  EXPECT_TRUE(world.inject(0, link_id{99}, frame_type::have, bytes(3))) << "from a link that is gone";
}

/// See row 23 of the scorecard.
TEST_F(Mesh, stands_by_its_routes_whatever_records_are_made_up) {
  row(4);
  world.run(5s);
  const auto before = routes(0, 3);
  ASSERT_EQ(before.size(), 1u);
  const auto& owner = world[3].who;
  const auto* honest = world[0].at->records().find({owner.node(), wire::record_part::links});
  const auto true_copy = honest->whole;
  const auto seq = honest->seq;
  wire::record_links shortcut;
  shortcut.relays = true;
  shortcut.links.push_back({world.node(0), 7, {1, 0, 30}});

  const auto attempt = [&](const bytes& record) {
    world[0].refused.clear();
    EXPECT_TRUE(world.inject(0, links[0], frame_type::record, frame_of(record)));
    world.run(3s);
    EXPECT_EQ(routes(0, 3), before);
    EXPECT_EQ(world[0].at->records().find({owner.node(), wire::record_part::links})->whole, true_copy);
    return world[0].refused;
  };
  auto forged = owner.sign(wire::record_part::links, seq + 1, shortcut.encode());
  forged.signature[5] ^= 1;
  EXPECT_EQ(attempt(forged.encode()), std::vector{record_verdict::forged});
  forged = world[1].who.sign(wire::record_part::links, seq + 1, shortcut.encode());
  forged.peer = owner.self.id();
  forged.instance = owner.instance;
  EXPECT_EQ(attempt(forged.encode()), std::vector{record_verdict::forged}) << "signed by another member";
  EXPECT_EQ(attempt(owner.links(wire::record::no_seq, shortcut)), std::vector{record_verdict::malformed});
  EXPECT_TRUE(attempt(owner.links(seq, shortcut)).empty()) << "the same number again";
  EXPECT_TRUE(attempt(owner.links(seq - 1, shortcut)).empty());
  EXPECT_TRUE(attempt(true_copy).empty()) << "a replay";
  EXPECT_EQ(attempt(bytes(200)), std::vector{record_verdict::malformed});
}

TEST_F(Mesh, does_not_believe_what_is_said_in_its_own_name) {
  row(2);
  world.run(5s);
  const auto ours = world[0].at->records().find({world.node(0), wire::record_part::links})->whole;
  EXPECT_TRUE(world.inject(0, links[0], frame_type::record, frame_of(world[0].who.links(1'000))));
  EXPECT_EQ(world[0].at->records().find({world.node(0), wire::record_part::links})->whole, ours);
}

TEST_F(Mesh, verifies_at_most_200_records_a_second_of_a_link) {
  row(2);
  test::seeded_random random(9);
  const author stranger(random);
  for (std::uint64_t seq = 1; seq <= 210; ++seq)
    EXPECT_TRUE(world.inject(0, links[0], frame_type::record, frame_of(stranger.links(seq))));
  const auto postponed =
      std::count(world[0].refused.begin(), world[0].refused.end(), record_verdict::postponed);
  EXPECT_GE(postponed, 10);
  EXPECT_LE(world[0].at->records().find({stranger.node(), wire::record_part::links})->seq, 200u);
}

TEST_F(Mesh, catches_up_with_many_records_at_the_pace_it_can_verify) {
  row(2);
  test::seeded_random random(9);
  std::vector<author> strangers;
  while (strangers.size() < 600) strangers.emplace_back(random);
  for (const auto& s : strangers) {
    world.inject(0, links[0], frame_type::record, frame_of(s.links(1)));
    world.run(10ms);
  }
  const auto newcomer = world.add();
  world.start(newcomer);
  world.link(newcomer, 0);
  world.run(6s);
  EXPECT_TRUE(world[newcomer].refused.empty());
  for (const auto& s : strangers) EXPECT_TRUE(world[newcomer].at->records().peer_of(s.node()));
}

TEST_F(Mesh, asks_for_many_records_in_turns) {
  row(2);
  world.run(5s);
  auto& m = *world[0].at;
  test::seeded_random random(9);
  wire::have much;
  while (much.items.size() < 400)
    much.items.push_back({{random.draw<node_id>(), wire::record_part::links}, 1});
  EXPECT_TRUE(m.handle_frame(world.now(), links[0], frame_type::have, much.encode()));
  const auto first = m.poll_transmit(world.now());
  ASSERT_TRUE(first);
  EXPECT_EQ(wire::want::decode(first->body)->names.size(), spreading::asked_in_a_second);
  EXPECT_FALSE(m.poll_transmit(world.now()));
  ASSERT_EQ(m.poll_timeout(), world.now() + spreading::ask_interval);
  m.handle_timeout(world.now() + spreading::ask_interval);
  const auto second = m.poll_transmit(world.now() + spreading::ask_interval);
  ASSERT_TRUE(second);
  EXPECT_EQ(wire::want::decode(second->body)->names.size(), spreading::asked_in_a_second / 2);
}

TEST_F(Mesh, lists_a_link_when_it_knows_by_which_label) {
  row(1);
  test::seeded_random random(9);
  const author other(random);
  mesh::neighbour n;
  n.link = link_id{77};
  n.node = other.node();
  n.peer = other.self.id();
  auto& m = *world[0].at;
  m.handle_link_up(world.now(), n);
  m.handle_timeout(world.now() + 5s);
  EXPECT_TRUE(m.records().links_of(world.node(0))->links.empty());
  n.their_label = 5;
  m.handle_link_up(world.now() + 10s, n);
  m.handle_timeout(world.now() + 15s);
  ASSERT_EQ(m.records().links_of(world.node(0))->links.size(), 1u);
  EXPECT_EQ(m.records().links_of(world.node(0))->links[0].label, 5);
}

TEST_F(Mesh, heals_what_a_link_lost) {
  row(2);
  const auto third = world.add();
  world.start(third);
  const auto link = world.link(third, 1);
  world.run(1s);
  test::seeded_random random(9);
  const author stranger(random);
  ASSERT_TRUE(world[1].at->handle_frame(world.now(), link, frame_type::record, frame_of(stranger.links(1))));
  while (world[1].at->poll_transmit(world.now())) continue;  // polled, and lost on the way
  world.run(29s - 1s);
  EXPECT_FALSE(world[0].at->records().peer_of(stranger.node()));
  world.run(300s);  // time for ten comparisons with random neighbours
  EXPECT_TRUE(world[0].at->records().peer_of(stranger.node()));
}

TEST_F(Mesh, is_quiet_when_nothing_happens) {
  row(3);
  world.run(10s);
  const auto before = world[1].received;
  world.run(10min);
  EXPECT_LT(world[1].received - before, 20'000u) << "two renewals of six records, and 40 lists of ids";
}

}  // namespace
}  // namespace gof::core
