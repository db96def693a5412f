#include "secure/exchange.hpp"
#include "secure/numbers.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>

namespace gof::secure {
namespace {

using state = tls::state;

const instant start = instant{} + 1000s;

/// What the path does to each message.
struct weather {
  unsigned loss_percent;
  unsigned duplicate_percent;
  duration longest_delay;  ///< 1 ms at least, at random for each message, so they overtake each other
};

/// Two exchanges and the path between them, in virtual time.
class encounter {
 public:
  encounter(numbers& random, const identity& client, const identity& server, weather path)
      : random_(random), path_(path), ends_{make(client, side::client), make(server, side::server)} {}

  /// Runs until nothing more can happen, or the time of an attempt is up.
  void run() {
    constexpr duration attempt_limit = 10s;
    for (;;) {
      for (int from = 0; from < 2; ++from)
        while (const auto message = ends_[from].poll_crypto(now_)) send(1 - from, *message);
      const auto next = next_event();
      if (!next || *next > start + attempt_limit) return;
      now_ = *next;
      for (auto& end : ends_) end.handle_timeout(now_);
      while (!moving_.empty() && moving_.begin()->first <= now_) {
        const auto [to, message] = moving_.begin()->second;
        moving_.erase(moving_.begin());
        ends_[to].handle_crypto(now_, message);
      }
    }
  }

  const exchange& client() const { return ends_[0]; }
  const exchange& server() const { return ends_[1]; }
  bool settled() const {
    return client().status() == state::done && server().status() == state::done && !client().poll_timeout() &&
           !server().poll_timeout();
  }
  std::size_t messages() const { return messages_; }

 private:
  numbers& random_;
  weather path_;
  instant now_ = start;
  std::array<exchange, 2> ends_;
  std::multimap<instant, std::pair<int, wire::crypto>> moving_;
  std::size_t messages_ = 0;

  static exchange make(const identity& self, side role) {
    return {start, self, role, exchange::attempt_id(bytes(8, 1)), exchange::delivery::lossy};
  }

  void send(int to, const wire::crypto& message) {
    ++messages_;
    for (int copies = random_.happens(path_.duplicate_percent) ? 2 : 1; copies > 0; --copies) {
      if (random_.happens(path_.loss_percent)) continue;
      const auto extra = random_.below(static_cast<std::uint64_t>((path_.longest_delay - 1ms).count()) + 1);
      moving_.emplace(now_ + 1ms + duration(extra), std::pair(to, message));
    }
  }

  std::optional<instant> next_event() const {
    std::optional<instant> next;
    if (!moving_.empty()) next = moving_.begin()->first;
    for (const auto& end : ends_)
      if (const auto timer = end.poll_timeout(); timer && (!next || *timer < *next)) next = timer;
    return next;
  }
};

struct tally {
  unsigned done = 0;     ///< both sides finished in time
  unsigned settled = 0;  ///< and the client knows that the server has everything
  unsigned split = 0;    ///< both finished, with different keys
  std::size_t most_messages = 0;
};

tally run_many(unsigned count, weather path) {
  numbers random;
  const auto alice = identity::generate(random);
  const auto bob = identity::generate(random);
  tally result;
  for (unsigned i = 0; i < count; ++i) {
    encounter one(random, alice, bob, path);
    one.run();
    const bool done = one.client().status() == state::done && one.server().status() == state::done;
    result.done += done;
    result.settled += one.settled();
    if (done && !(one.client().keys().proof == one.server().keys().proof)) ++result.split;
    result.most_messages = std::max(result.most_messages, one.messages());
  }
  return result;
}

TEST(Exchange_under_loss, ends_well_with_30_percent_lost_each_way) {
  // All messages of an attempt can be lost for 10 s, as happened to 8 of 18,000. More than 3 of 300 happens
  // once in 100,000 runs, or shows a bug.
  constexpr unsigned unlucky = 3;
  // Half of the client's last messages get no acknowledgement. Of all clients 0.51^7 get none at all: about 3
  // of 300. They learn it from the first authentic packet.
  constexpr unsigned never_told = 15;
  const auto seen = run_many(300, {.loss_percent = 30, .duplicate_percent = 0, .longest_delay = 60ms});
  EXPECT_GE(seen.done, 300 - unlucky);
  EXPECT_GE(seen.settled, 300 - never_told);
  EXPECT_EQ(seen.split, 0u);
  std::cout << seen.done << " of 300 done, " << seen.settled << " acknowledged; at most "
            << seen.most_messages << " messages each\n";
}

TEST(Exchange_under_loss, bears_duplicates_and_reordering) {
  const auto seen = run_many(200, {.loss_percent = 0, .duplicate_percent = 50, .longest_delay = 300ms});
  EXPECT_EQ(seen.settled, 200u);
  EXPECT_EQ(seen.split, 0u);
  EXPECT_LE(seen.most_messages, 40u) << "repeats must not cause more repeats";
}

TEST(Exchange_under_loss, bears_round_trips_longer_than_its_first_timer) {
  const auto seen = run_many(100, {.loss_percent = 0, .duplicate_percent = 20, .longest_delay = 1200ms});
  EXPECT_EQ(seen.settled, 100u);
  EXPECT_LE(seen.most_messages, 60u) << "repeats must not cause more repeats";
}

TEST(Exchange_under_loss, needs_three_messages_and_an_acknowledgement_without_it) {
  const auto seen = run_many(5, {.loss_percent = 0, .duplicate_percent = 0, .longest_delay = 60ms});
  EXPECT_EQ(seen.settled, 5u);
  EXPECT_EQ(seen.most_messages, 4u);
}

TEST(Exchange_under_loss, falls_silent_when_nothing_comes_through) {
  const auto seen = run_many(5, {.loss_percent = 100, .duplicate_percent = 0, .longest_delay = 60ms});
  EXPECT_EQ(seen.done, 0u);
  EXPECT_EQ(seen.most_messages, 7u);
}

}  // namespace
}  // namespace gof::secure
