#include "harness.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>

namespace gof::core {
namespace {

std::uint64_t seed() {
  const char* given = std::getenv("GOF_SEED");
  const auto chosen = given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "GOF_SEED=" << chosen << '\n';
  return chosen;
}

struct random_mesh {
  harness world;
  std::mt19937_64 random;
  std::vector<std::pair<std::size_t, std::size_t>> edges;

  explicit random_mesh(std::uint64_t from) : world(from), random(from) {}

  /// A ternary tree and as many chords: short routes between all nodes.
  void build(std::size_t hosts) {
    for (std::size_t i = 0; i < hosts; ++i) world.add();
    for (std::size_t i = 1; i < hosts; ++i) edges.emplace_back(i / 3, i);
    for (std::size_t i = 0; i < hosts; ++i) {
      const auto other = random() % hosts;
      if (other != i) edges.emplace_back(i, other);
    }
    std::vector<std::size_t> order(hosts);
    for (std::size_t i = 0; i < hosts; ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    for (const auto i : order) {
      start(i);
      world.run(std::chrono::milliseconds(random() % 500));
    }
  }
  /// Links it to the running hosts among its bootstraps, and to those that it is a bootstrap of.
  void start(std::size_t i) {
    world.start(i);
    for (const auto& [one, other] : edges)
      if ((one == i || other == i) && world[one].at && world[other].at) world.link(one, other);
  }
};

TEST(MeshOfTwenty, agrees_whatever_the_order_of_starts) {
  const auto first = seed();
  for (std::uint64_t i = 0; i < 3; ++i) {
    random_mesh m(first + i);
    m.build(20);
    m.world.run(10s);
    EXPECT_TRUE(m.world.all_know_all()) << "seed " << first + i;
    for (std::size_t a = 0; a < 20; ++a)
      for (std::size_t b = 0; b < 20; ++b)
        EXPECT_EQ(m.world[a].at->routes_to(m.world.node(b)).empty(), a == b);
  }
}

TEST(MeshOfTwenty, agrees_again_after_kills_and_restarts) {
  const auto first = seed();
  random_mesh m(first);
  m.build(20);
  m.world.run(10s);
  for (int round = 0; round < 3; ++round) {
    const auto victim = 7 + m.random() % 13;  // a leaf of the tree: the rest remains connected
    m.world.kill(victim);
    m.world.run(15s);
    for (std::size_t a = 0; a < 20; ++a) {
      if (!m.world[a].at) continue;
      EXPECT_TRUE(m.world[a].at->routes_to(m.world.node(victim)).empty());
      EXPECT_FALSE(m.world[a].known.contains(m.world.node(victim)));
    }
    EXPECT_TRUE(m.world.all_know_all());
    m.start(victim);
    m.world.run(15s);
    EXPECT_TRUE(m.world.all_know_all());
  }
}

}  // namespace
}  // namespace gof::core
