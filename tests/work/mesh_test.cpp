#include "mesh/mesh.hpp"

#include "block_counter.hpp"
#include "unit/mesh/signing.hpp"
#include "wire/record_frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

namespace gof::core {
namespace {

/// A member of a mesh of so many others, each linked with some 8: as a node further on hears of them, by one
/// neighbour.
class large_mesh {
 public:
  explicit large_mesh(std::size_t nodes)
      : of_(std::make_unique<mesh>(mesh::config{who_.self, who_.instance, true}, random_)) {
    for (std::size_t i = 0; i < nodes; ++i) others_.push_back({author(random_), {true, {}}, 0});
    for (std::size_t i = 1; i < nodes; ++i)
      for (int l = 0; l < 4; ++l) link(i, random_.number() % i);
    link(0, nodes);
    mesh::neighbour near;
    near.link = to_near;
    near.node = node(0);
    near.peer = others_[0].who.self.id();
    near.our_label = near.their_label = 1;
    of_->handle_link_up(now_, near);
    of_->handle_round_trip(now_, to_near, 1ms);
    for (std::size_t i = 0; i < nodes; ++i) hear(i);
    now_ += 1s;
    of_->handle_timeout(now_);
    drain();
  }

  std::size_t size() const { return others_.size(); }
  mesh& operator*() { return *of_; }
  node_id node(std::size_t number) const { return others_[number].who.node(); }

  /// It finds one of its links slower than its other end does, and than anybody before; to be heard of.
  void change(std::size_t number) {
    auto& links = others_[number].says.links;
    links[links.size() / 2].quality.round_trip = ++slowest_;
  }
  /// Its record comes, when the mesh has settled before; with all that follows.
  std::uint64_t hear(std::size_t number) {
    auto& its = others_[number];
    const auto frame = wire::record_frame{600, its.who.links(++its.seq, its.says)}.encode();
    now_ += 200ms;
    const auto before = blocks_run();
    EXPECT_TRUE(of_->handle_frame(now_, to_near, wire::frame_type::record, frame));
    drain();
    return blocks_run() - before;
  }
  bool routes_changed() const { return routes_changed_; }

 private:
  struct member {
    author who;
    wire::record_links says;
    std::uint64_t seq = 0;
  };
  static constexpr link_id to_near{1};

  test::seeded_random random_{1};
  author who_{random_};
  std::unique_ptr<mesh> of_;
  std::vector<member> others_;
  instant now_{100s};
  bool routes_changed_ = false;
  std::uint8_t slowest_ = 100;  ///< the code of a round trip

  /// The last number is our own.
  void link(std::size_t one, std::size_t other) {
    says(one, other);
    if (other < others_.size()) says(other, one);
  }
  void says(std::size_t from, std::size_t to) {
    auto& links = others_[from].says.links;
    const wire::record_link made{to < others_.size() ? node(to) : who_.node(),
                                 static_cast<std::uint16_t>(to % 60'000 + 1),
                                 {static_cast<std::uint8_t>(64 + random_.number() % 16), 0, 0}};
    const auto at = std::lower_bound(links.begin(), links.end(), made);
    if (links.size() == wire::record_links::most_links || others_[from].says.to(made.neighbour) != nullptr)
      return;
    links.insert(at, made);
  }
  void drain() {
    routes_changed_ = false;
    while (const auto e = of_->poll_event(now_))
      routes_changed_ = routes_changed_ || std::holds_alternative<mesh::routes_changed>(*e);
  }
};

/// The median over nodes far from us.
std::uint64_t cost_of_a_changed_record(large_mesh& world) {
  std::vector<std::uint64_t> costs;
  for (std::size_t i = 1; i <= 51; ++i) {
    const auto number = world.size() - i;
    world.change(number);
    costs.push_back(world.hear(number));
    EXPECT_TRUE(world.routes_changed());
  }
  std::sort(costs.begin(), costs.end());
  return costs[costs.size() / 2];
}

TEST(MeshWork, of_a_changed_record_is_the_same_among_twice_as_many_nodes) {
  large_mesh n(400);
  large_mesh twice(800);
  const auto among_n = cost_of_a_changed_record(n);
  const auto among_2n = cost_of_a_changed_record(twice);
  EXPECT_GT(among_n, 200u);
  EXPECT_LE(among_2n, among_n + among_n / 4) << "a look-up is deeper by a level";
}

TEST(MeshWork, of_a_record_that_says_the_same_is_less_and_changes_no_route) {
  large_mesh world(400);
  const auto changed = cost_of_a_changed_record(world);
  const auto same = world.hear(399);
  EXPECT_FALSE(world.routes_changed());
  EXPECT_LT(same, changed / 2);
}

/// Of what a list of all nodes asks for, in slices.
std::uint64_t cost_of_all_routes(large_mesh& world) {
  const auto before = blocks_run();
  std::optional<node_id> at;
  std::size_t routes = 0;
  std::size_t nodes = 0;
  for (;;) {
    const auto slice = (*world).nodes(at, 16);
    if (slice.empty()) break;
    for (const auto& node : slice) routes += (*world).route_to(node).has_value();
    nodes += slice.size();
    at = slice.back();
  }
  EXPECT_EQ(nodes, world.size());
  EXPECT_GT(routes, world.size() / 2);
  return blocks_run() - before;
}

TEST(MeshWork, of_the_routes_to_all_nodes_is_twice_as_much_for_twice_as_many) {
  large_mesh n(400);
  large_mesh twice(800);
  const auto of_n = cost_of_all_routes(n);
  const auto of_2n = cost_of_all_routes(twice);
  EXPECT_GT(of_n, 400u * 20);
  EXPECT_LE(of_2n, 2 * of_n + of_n / 2) << "N log N, never N^2";
}

}  // namespace
}  // namespace gof::core
