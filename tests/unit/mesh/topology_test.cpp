#include "mesh/topology.hpp"

#include "mesh/quality.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <random>

namespace gof::core {
namespace {

node_id node(unsigned number) {
  return node_id(bytes{static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)});
}

/// The label of the link from `at` to `to`, in every graph here.
std::uint16_t label_at(const node_id& at, const node_id& to) {
  return static_cast<std::uint16_t>(1 + (at.value[0] << 14) + (at.value[1] << 7) + to.value[1]);
}

/// Node 0 looks for routes.
struct graph {
  std::map<node_id, wire::record_links> records;
  struct own_link {
    node_id node;
    wire::link_quality quality;
    bool relays = false;
  };
  std::vector<own_link> neighbours;

  void says(unsigned from, unsigned to, wire::link_quality quality = {81, 0, 0}) {
    auto& links = records[node(from)].links;
    const wire::record_link l{node(to), label_at(node(to), node(from)), quality};
    links.insert(std::upper_bound(links.begin(), links.end(), l), l);
  }
  void link(unsigned one, unsigned other, wire::link_quality quality = {81, 0, 0}) {
    relay(one);
    relay(other);
    says(one, other, quality);
    says(other, one, quality);
  }
  void relay(unsigned number) { records[node(number)].relays = true; }
  void neighbour(unsigned number, wire::link_quality quality = {81, 0, 0}, bool member = true) {
    neighbours.push_back({node(number), quality, member});
  }
  topology map() const {
    topology made(node(0));
    for (const auto& [id, links] : records) made.set_links(id, &links);
    for (const auto& n : neighbours) made.set_neighbour(n.node, topology::neighbour{n.quality, n.relays});
    made.update();
    return made;
  }
};

/// The same rules in a slow form: it tries every path without a loop.
struct oracle {
  const graph& of;
  std::set<node_id> not_first;
  std::set<node_id> nowhere;

  std::optional<duration> step(const node_id& from, const node_id& to) const {
    const auto p = of.records.find(from);
    const auto q = of.records.find(to);
    if (p == of.records.end() || q == of.records.end() || !p->second.relays) return std::nullopt;
    for (const auto& n : of.neighbours)
      if (n.node == from && !n.relays) return std::nullopt;
    const auto* forth = q->second.to(from);
    const auto* back = p->second.to(to);
    if (!forth || (q->second.relays && !back)) return std::nullopt;
    return cost_of(back ? worse(forth->quality, back->quality) : forth->quality);
  }

  std::optional<duration> cost_to(const node_id& destination) const {
    std::optional<duration> best;
    std::vector<node_id> way;
    const std::function<void(duration)> go_on = [&](duration so_far) {
      const auto here = way.back();
      if (here == destination) {
        best = std::min(best.value_or(so_far), so_far);
        return;
      }
      if (way.size() == topology::most_links) return;
      for (const auto& [next, links] : of.records) {
        if (next == node(0) || nowhere.contains(next)) continue;
        if (std::find(way.begin(), way.end(), next) != way.end()) continue;
        const auto cost = step(here, next);
        if (!cost) continue;
        way.push_back(next);
        go_on(so_far + *cost);
        way.pop_back();
      }
    };
    for (const auto& n : of.neighbours) {
      if (not_first.contains(n.node) || nowhere.contains(n.node)) continue;
      way = {n.node};
      go_on(cost_of(n.quality));
    }
    return best;
  }
};

/// Follows the route as relays would, and sums up its cost.
void expect_right(const graph& g, const route& r, const node_id& destination) {
  ASSERT_LE(r.labels.size(), topology::most_labels);
  ASSERT_EQ(r.labels.size(), r.through.size());
  auto way = r.through;
  way.push_back(destination);
  ASSERT_EQ(r.first, way.front());
  const auto first = std::find_if(g.neighbours.begin(), g.neighbours.end(),
                                  [&](const auto& n) { return n.node == r.first; });
  ASSERT_NE(first, g.neighbours.end());
  auto cost = cost_of(first->quality);
  const oracle rules{g, {}, {}};
  for (std::size_t i = 0; i + 1 < way.size(); ++i) {
    EXPECT_EQ(r.labels[i], label_at(way[i], way[i + 1]));
    const auto step = rules.step(way[i], way[i + 1]);
    ASSERT_TRUE(step);
    cost += *step;
  }
  EXPECT_EQ(cost, r.cost);
}

TEST(Topology, has_no_labels_to_a_neighbour) {
  graph g;
  g.neighbour(1, {81, 0, 0}, false);
  const auto found = g.map().routes_to(node(1));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], (route{node(1), {}, {}, cost_of({81, 0, 0})}));
  EXPECT_TRUE(g.map().routes_to(node(2)).empty());
  EXPECT_TRUE(topology{}.routes_to(node(2)).empty());
}

TEST(Topology, takes_the_labels_that_each_relay_gave) {
  graph g;
  g.neighbour(1);
  g.link(1, 2);
  g.link(2, 3);
  const auto found = g.map().routes_to(node(3));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].labels, (std::vector{label_at(node(1), node(2)), label_at(node(2), node(3))}));
  EXPECT_EQ(found[0].through, (std::vector{node(1), node(2)}));
}

TEST(Topology, ends_after_six_links) {
  graph g;
  g.neighbour(1);
  for (unsigned i = 1; i < 7; ++i) g.link(i, i + 1);
  EXPECT_EQ(g.map().routes_to(node(6)).size(), 1u);
  EXPECT_TRUE(g.map().routes_to(node(7)).empty());
  EXPECT_FALSE(g.map().cost_to(node(7)));
}

TEST(Topology, believes_in_transit_what_both_ends_say) {
  graph g;
  g.neighbour(1);
  g.relay(1);
  g.relay(2);
  g.says(2, 1);
  g.link(2, 3);
  EXPECT_TRUE(g.map().routes_to(node(2)).empty()) << "a node that died: its relay no longer lists it";
  g.says(1, 2);
  EXPECT_EQ(g.map().routes_to(node(2)).size(), 1u);
  EXPECT_EQ(g.map().routes_to(node(3)).size(), 1u);
  g.records[node(2)].links.clear();
  EXPECT_TRUE(g.map().routes_to(node(2)).empty());
}

TEST(Topology, believes_a_leaf_and_goes_not_through_it) {
  graph g;
  g.neighbour(1);
  g.relay(1);
  g.says(2, 1);  // a leaf, which its relay does not list
  g.says(3, 2);
  EXPECT_EQ(g.map().routes_to(node(2)).size(), 1u);
  EXPECT_TRUE(g.map().routes_to(node(3)).empty());
}

TEST(Topology, goes_neither_through_a_guest_nor_through_itself) {
  graph g;
  g.neighbour(1, {81, 0, 0}, false);
  g.link(1, 2);
  g.link(0, 2);
  EXPECT_TRUE(g.map().routes_to(node(2)).empty());
}

TEST(Topology, finds_a_backup_of_other_nodes) {
  graph g;
  for (unsigned i = 1; i <= 3; ++i) g.neighbour(i, {static_cast<std::uint8_t>(80 + 8 * i), 0, 0});
  g.link(1, 4);
  g.link(2, 4);
  g.link(3, 5);
  g.link(4, 9);
  g.link(5, 9);
  const auto found = g.map().routes_to(node(9));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].through, (std::vector{node(1), node(4)}));
  EXPECT_EQ(found[1].through, (std::vector{node(3), node(5)})) << "2, 4 is cheaper, but both use 4";
}

TEST(Topology, finds_a_backup_by_another_first_hop_at_least) {
  graph g;
  g.neighbour(1);
  g.neighbour(2);
  g.link(1, 4);
  g.link(2, 4);
  g.link(4, 9);
  const auto found = g.map().routes_to(node(9));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].first, node(1)) << "the lower id of two with the same cost";
  EXPECT_EQ(found[1].first, node(2));
}

TEST(Topology, finds_a_backup_behind_its_only_first_hop) {
  graph g;
  g.neighbour(1);
  g.link(1, 4);
  g.link(1, 5);
  g.link(4, 9);
  g.link(5, 9);
  const auto found = g.map().routes_to(node(9));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].through, (std::vector{node(1), node(4)}));
  EXPECT_EQ(found[1].through, (std::vector{node(1), node(5)}));
}

TEST(Topology, has_a_way_around_a_direct_link) {
  graph g;
  g.neighbour(1);
  g.neighbour(9);
  g.link(1, 9);
  const auto found = g.map().routes_to(node(9));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].first, node(9));
  EXPECT_EQ(found[1].first, node(1));
  const auto without = g.map().routes_to(node(9), {node(9)});
  ASSERT_EQ(without.size(), 1u);
  EXPECT_EQ(without[0].first, node(1));
}

std::uint64_t seed() {
  const char* given = std::getenv("GOF_SEED");
  const auto chosen = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "GOF_SEED=" << chosen << '\n';
  return chosen;
}

graph random_graph(std::mt19937_64& random, unsigned nodes) {
  const auto happens = [&](unsigned percent) { return random() % 100 < percent; };
  const auto quality = [&] {
    return wire::link_quality{static_cast<std::uint8_t>(random() % 100),
                              static_cast<std::uint8_t>(random() % 4),
                              static_cast<std::uint8_t>(random() % 12)};
  };
  graph g;
  const auto density = static_cast<unsigned>(10 + random() % 40);
  for (unsigned i = 0; i < nodes; ++i) g.records[node(i)].relays = happens(80);
  for (unsigned i = 0; i < nodes; ++i) {
    for (unsigned j = i + 1; j < nodes; ++j) {
      if (!happens(density)) continue;
      if (happens(90)) g.says(i, j, quality());
      if (happens(90)) g.says(j, i, quality());
    }
    if (i > 0 && happens(30)) g.neighbour(i, quality(), happens(90));
  }
  return g;
}

TEST(Topology, finds_what_an_exhaustive_search_finds) {
  std::mt19937_64 random(seed());
  unsigned found_routes = 0;
  unsigned backups = 0;
  for (int i = 0; i < 150; ++i) {
    const auto nodes = static_cast<unsigned>(4 + random() % 6);
    const auto g = random_graph(random, nodes);
    const auto map = g.map();
    for (unsigned d = 1; d < nodes; ++d) {
      const auto best = oracle{g, {}, {}}.cost_to(node(d));
      EXPECT_EQ(map.cost_to(node(d)), best);
      const auto found = map.routes_to(node(d));
      ASSERT_EQ(found.empty(), !best);
      EXPECT_EQ(map.routes_to(node(d)), found) << "the cached answer";
      if (found.empty()) continue;
      ++found_routes;
      expect_right(g, found[0], node(d));
      EXPECT_EQ(found[0].cost, *best);
      auto second =
          oracle{g, {found[0].first}, {found[0].through.begin(), found[0].through.end()}}.cost_to(node(d));
      if (!second && !found[0].through.empty())
        second = oracle{g, {found[0].first}, {found[0].first}}.cost_to(node(d));
      if (!second && found[0].through.size() > 1)
        second = oracle{g, {}, {found[0].through.begin() + 1, found[0].through.end()}}.cost_to(node(d));
      ASSERT_EQ(found.size() == 2, second.has_value());
      if (!second) continue;
      ++backups;
      expect_right(g, found[1], node(d));
      EXPECT_EQ(found[1].cost, *second);
      EXPECT_NE(found[1].through, found[0].through);
    }
  }
  EXPECT_GT(found_routes, 100u);
  EXPECT_GT(backups, 50u);
}

/// One thing in the graph becomes another, and the map is told of it.
void change_something(std::mt19937_64& random, graph& g, topology& map, unsigned nodes) {
  const auto number = static_cast<unsigned>(1 + random() % (nodes - 1));
  const auto other = random_graph(random, nodes);
  const auto& id = node(number);
  const auto known = other.records.find(id);
  const auto its =
      std::find_if(g.neighbours.begin(), g.neighbours.end(), [&](const auto& n) { return n.node == id; });
  switch (random() % 4) {
    case 0: g.records.erase(id); return map.set_links(id, nullptr);
    case 1:
      if (its == g.neighbours.end()) return;
      g.neighbours.erase(its);
      return map.set_neighbour(id, std::nullopt);
    case 2: {
      const wire::link_quality quality{static_cast<std::uint8_t>(random() % 100), 0, 0};
      const bool relays = random() % 4 != 0;
      if (its != g.neighbours.end()) g.neighbours.erase(its);
      g.neighbour(number, quality, relays);
      return map.set_neighbour(id, topology::neighbour{quality, relays});
    }
    default: g.records[id] = known->second; return map.set_links(id, &g.records[id]);
  }
}

TEST(Topology, that_changed_is_what_a_new_one_would_be) {
  std::mt19937_64 random(seed());
  constexpr unsigned nodes = 14;
  unsigned turned = 0;
  unsigned routes = 0;
  for (int i = 0; i < 20; ++i) {
    auto g = random_graph(random, nodes);
    auto map = g.map();
    map.take_news();
    for (int change = 0; change < 100; ++change) {
      std::set<node_id> reached;
      for (unsigned d = 1; d < nodes; ++d)
        if (map.cost_to(node(d))) reached.insert(node(d));
      for (auto some = 1 + random() % 3; some > 0; --some) change_something(random, g, map, nodes);
      map.update();
      const auto news = map.take_news();
      const std::set<node_id> told(news.turned.begin(), news.turned.end());
      const auto made = g.map();
      for (unsigned d = 1; d < nodes; ++d) {
        const auto now = made.routes_to(node(d));
        ASSERT_EQ(map.routes_to(node(d)), now);
        ASSERT_EQ(map.cost_to(node(d)), made.cost_to(node(d)));
        routes += !now.empty();
        if (reached.contains(node(d)) == now.empty()) {
          ++turned;
          ASSERT_TRUE(told.contains(node(d)));
        }
      }
    }
  }
  EXPECT_GT(turned, 100u);
  EXPECT_GT(routes, 1'000u);
}

TEST(Topology, has_no_news_of_what_says_the_same) {
  graph g;
  g.neighbour(1);
  g.link(1, 2);
  auto map = g.map();
  EXPECT_TRUE(map.take_news().changed);
  map.set_links(node(2), &g.records[node(2)]);
  map.set_neighbour(node(1), topology::neighbour{{81, 0, 0}, true});
  map.update();
  EXPECT_FALSE(map.take_news().changed);
  // A link to somebody who is not known leads nowhere.
  g.says(2, 9);
  map.set_links(node(2), &g.records[node(2)]);
  map.update();
  EXPECT_FALSE(map.take_news().changed);
}

TEST(Topology, of_a_thousand_nodes_has_a_route_to_each) {
  constexpr unsigned nodes = 1'000;
  std::mt19937_64 random(seed());
  graph g;
  g.records[node(0)].relays = true;
  const auto link = [&](unsigned one, unsigned other) {
    if (one == other || g.records[node(one)].to(node(other))) return;
    const wire::link_quality quality{static_cast<std::uint8_t>(60 + random() % 60), 0, 0};
    g.link(one, other, quality);
    if (one == 0) g.neighbour(other, quality);
    if (other == 0) g.neighbour(one, quality);
  };
  for (unsigned i = 1; i < nodes; ++i)
    for (int l = 0; l < 4; ++l) link(i, static_cast<unsigned>(random() % nodes));
  while (g.neighbours.size() < 8) link(0, static_cast<unsigned>(random() % nodes));
  const auto begin = std::chrono::steady_clock::now();
  const auto map = g.map();
  const auto built = std::chrono::steady_clock::now();
  unsigned reached = 0;
  for (unsigned d = 1; d < nodes; ++d) reached += map.cost_to(node(d)).has_value();
  for (unsigned d = 1; d <= 100; ++d) map.routes_to(node(d));
  const auto end = std::chrono::steady_clock::now();
  std::cout << "1,000 nodes: " << std::chrono::duration<double, std::milli>(built - begin).count()
            << " ms for the map, " << std::chrono::duration<double, std::milli>(end - built).count() / 100
            << " ms a pair of routes, " << reached << " reached\n";
  EXPECT_EQ(reached, nodes - 1);
}

}  // namespace
}  // namespace gof::core
