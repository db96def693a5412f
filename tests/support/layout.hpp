#pragma once

#include "support/world.hpp"

#include <random>
#include <utility>
#include <vector>

namespace gof::test {

/// Ten hosts at random places: two members that serve, other members that only relay, and guests whose
/// tickets name relays only. Each knows only a few others. `dice` decides everything.
struct layout {
  static constexpr std::size_t nodes = 10;
  static constexpr std::size_t servers = 2;
  static constexpr std::size_t most_links = 6;  ///< from a guest to its server

  using pair = std::pair<host*, host*>;
  struct holding {
    host* holder;
    host* server;
    wire::ticket ticket;
  };

  layout(world& in, std::mt19937_64& dice, duration survive, duration connect_timeout);

  std::vector<host*> members;  ///< the servers first
  std::vector<host*> guests;
  std::vector<pair> cables;  ///< each once
  std::vector<holding> holdings;

 private:
  world& world_;
  std::mt19937_64& dice_;

  std::uint64_t below(std::uint64_t n) { return dice_() % n; }
  host& any_member() { return *members[below(members.size())]; }
  void connect_members();
  void add_holder(host& holder, host& server, std::size_t addresses);
  void add_cable(host& a, host& b);
  void join(host& a, host& b);
  /// In links, at the start.
  std::size_t distance(const host& a, const host& b) const;
};

}  // namespace gof::test
