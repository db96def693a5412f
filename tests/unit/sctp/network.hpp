#pragma once

#include "sctp/association.hpp"
#include "sctp/stack.hpp"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gof::sctp::test {

/// Virtual time and the paths between pairs of associations, all on one stack, as in the simulator.
class network {
 public:
  using end = association*;
  /// Sees each packet when it is sent, and may alter it; false: the packet is lost.
  using tap = std::function<bool(end from, packet& sent)>;
  using reader = std::function<void(end at, message got)>;

  explicit network(duration one_way = 0ms);

  /// Two linked ends; `first` is the client.
  std::pair<end, end> join(std::uint16_t port = 5000);
  end add(association::role as, std::uint16_t port);
  void link(end a, end b);
  void remove(end gone);

  /// Delivers, ticks and reads until `done`, until nothing more can happen, or for `limit` of virtual time.
  bool run(const std::function<bool()>& done, duration limit = 60s);
  /// Continues for exactly this long.
  void run_for(duration time);
  /// Runs until both are up.
  bool establish(end a, end b);
  /// No packet is under way, and no tick is wanted.
  bool quiet() const;
  /// Time passes, and no object is informed.
  void sleep(duration time);

  instant now() const { return now_; }
  stack& on() { return *stack_; }
  /// Ends usrsctp, once every association is removed.
  void finish() { stack_.reset(); }

  tap on_packet;
  reader on_message;
  std::uint64_t ticks = 0;

 private:
  struct flying {
    end to;
    bytes data;
  };
  void collect();
  bool step(instant until);

  instant now_{};
  duration one_way_;
  std::unique_ptr<stack> stack_;
  std::vector<std::unique_ptr<association>> ends_;
  std::map<end, end> peers_;
  std::multimap<instant, flying> path_;
};

/// The type of each packet's first chunk, to compare sequences.
std::string describe(const packet& sent);

bytes pattern(std::size_t size, std::uint32_t salt);

}  // namespace gof::sctp::test
