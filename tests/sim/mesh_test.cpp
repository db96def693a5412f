#include "link/credit.hpp"
#include "mux/mux.hpp"
#include "support/hop_counter.hpp"
#include "support/layout.hpp"
#include "support/trace.hpp"
#include "support/world.hpp"
#include "traffic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace gof::test {
namespace {

/// Totals over all runs, which show that the runs did some work.
struct tally {
  std::size_t halves = 0, done = 0, reset = 0, refused = 0, paths_lost = 0, paths_resumed = 0, sessions = 0;
  std::size_t most_held = 0, packets = 0, far_packets = 0;
  std::uint64_t received = 0;
};

/// One run: ten nodes that know each other only through gossip, two of them servers, some of them guests that
/// reach these only through others; random conversations, and every kind of fault. The seed decides
/// everything.
class turmoil {
 public:
  static constexpr duration survive = 8s;
  static constexpr duration connect_timeout = 8s;
  static constexpr int steps = 50;
  static constexpr std::size_t most_down = 3;  ///< hosts that are down at once
  /// The limit of what a node relays: some eight guests with two servers, in both directions, and for each as
  /// much as fits into a window that did not grow.
  static constexpr std::size_t most_passing = 16 * core::inflow_credit::first_window;
  static constexpr unsigned most_repeats = 8;  ///< transmissions of a handshake's packet

  explicit turmoil(std::uint64_t seed)
      : w_(seed),
        record_(w_),
        hops_(w_, record_),
        said_(w_),
        dice_(seed * 7919 + 17),
        at_(w_, dice_, survive, connect_timeout) {}

  void run();
  void count(tally& t) const;
  std::string write(const std::string& name) const { return record_.write(name); }

 private:
  using pair = layout::pair;

  world w_;
  trace record_;
  hop_counter hops_;
  traffic said_;
  std::mt19937_64 dice_;
  instant noisy_until_{};
  layout at_;
  std::multimap<instant, std::function<void()>> repairs_;
  std::size_t most_held_ = 0;

  std::uint64_t below(std::uint64_t n) { return dice_() % n; }
  bool chance(unsigned percent) { return below(100) < percent; }
  duration up_to(duration most) { return duration(static_cast<std::int64_t>(below(most.count() + 1))); }
  template <class T>
  T& any(std::vector<T>& of) {
    return of[below(of.size())];
  }

  void set_up();
  void equip(host& h);

  void step();
  void open_one();
  void meddle(conversation& c);
  void trouble();
  void cut(const pair& between);
  void reset(const pair& between) { w_.reset_connections(*between.first, *between.second); }
  void kill(host& h);
  void start_again(host& h);
  void change_line(const pair& between);
  void make_noise();
  void later(duration in, std::function<void()> what) { repairs_.emplace(w_.now() + in, std::move(what)); }
  void pass(duration time);

  void check_memory();
  void calm_down();
  void expect_all_over();
  void expect_all_reachable();
  void expect_all_freed();
  void expect_no_ghosts();
};

void turmoil::set_up() {
  for (const auto& between : at_.cables) change_line(between);
  for (const auto& [holder, server, ticket] : at_.holdings) said_.allow(*server, ticket);
  for (const auto& h : w_.hosts()) {
    said_.serve(*h);
    equip(*h);
  }
}

void turmoil::equip(host& h) {
  for (const auto& its : at_.holdings) {
    if (its.holder == &h) {
      EXPECT_FALSE(h.node().add_ticket(w_.now(), its.ticket));
    }
  }
  w_.kick(h);
}

// ---- events

void turmoil::run() {
  set_up();
  if (chance(80)) pass(3s);  // otherwise trouble from the beginning
  for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
    step();
    pass(chance(30) ? up_to(2s) : up_to(200ms));
  }
  if (!::testing::Test::HasFailure()) calm_down();
}

void turmoil::pass(duration time) {
  const auto until = w_.now() + time;
  const auto look = [this] {
    check_memory();
    return ::testing::Test::HasFailure();
  };
  while (!repairs_.empty() && repairs_.begin()->first <= until) {
    const auto next = repairs_.begin();
    if (next->first > w_.now()) w_.run(next->first - w_.now(), look);
    const auto what = std::move(next->second);
    repairs_.erase(next);
    what();
  }
  w_.run(until - w_.now(), look);
}

void turmoil::step() {
  const auto open = said_.open_ones();
  const auto what = below(100);
  if (what < 45 || open.empty()) return open_one();
  if (what < 65) return meddle(*open[below(open.size())]);
  if (what < 75) return change_line(any(at_.cables));
  trouble();
}

void turmoil::open_one() {
  traffic::plan p;
  const auto size = [this] {
    if (chance(20)) return std::uint64_t{0};
    return chance(85) ? below(50'000) : below(600'000);
  };
  p.up = size();
  p.down = size();
  p.answer = chance(30);
  const auto& h = any(at_.holdings);
  if (!h.holder->is_running()) return;
  auto& c = said_.open(*h.holder, h.ticket.issuer, p);
  if (chance(15)) said_.stop_reading(c.asker);
  if (chance(15)) said_.stop_reading(c.answerer);
}

void turmoil::meddle(conversation& c) {
  auto& h = chance(50) && c.answerer.is_open() ? c.answerer : c.asker;
  if (!h.is_open()) return;
  switch (below(4)) {
    case 0: return said_.stop_reading(h);
    case 1: return said_.go_on_reading(h);
    case 2: return said_.finish_early(h);
    default: return said_.reset(h);
  }
}

void turmoil::change_line(const pair& between) {
  auto& line = w_.between(*between.first, *between.second);
  line.delay = chance(30) ? 0ms : up_to(60ms);
  line.bits_per_second = chance(30) ? 0 : 1e6 * static_cast<double>(1 + below(chance(50) ? 10 : 500));
  line.piece = chance(50) ? 16 * 1024 : 200 + below(30'000);
  line.buffer = chance(50) ? 4 * 1024 * 1024 : 65'536 + below(1'000'000);
}

void turmoil::trouble() {
  switch (below(10)) {
    case 0:
    case 1: return reset(any(at_.cables));
    case 2:
    case 3:
    case 4: return cut(any(at_.cables));
    case 5:
    case 6: return kill(*w_.hosts()[below(layout::nodes)]);
    case 7: return kill(*at_.members[layout::servers + below(at_.members.size() - layout::servers)]);
    case 8: return make_noise();
    default: return w_.jump_wall_clock(std::chrono::seconds(static_cast<std::int64_t>(below(14'400)) - 7200));
  }
}

void turmoil::cut(const pair& between) {
  const auto [a, b] = between;
  if (chance(60))
    w_.cut(*a, *b);
  else if (chance(50))
    w_.cut_one_way(*a, *b);
  else
    w_.cut_one_way(*b, *a);
  later(up_to(chance(70) ? survive / 2 : 3 * survive), [this, a = a, b = b] { w_.heal(*a, *b); });
}

/// Flips bits on every cable for a while.
void turmoil::make_noise() {
  w_.note("noise");
  noisy_until_ = w_.now() + up_to(1s);
  const auto one_in = 2 + below(200);
  w_.on_bytes = [this, one_in](const host&, const host&, bytes& data) {
    if (w_.now() < noisy_until_ && below(one_in) == 0)
      data[below(data.size())] ^= static_cast<std::uint8_t>(1u << below(8));
  };
}

void turmoil::kill(host& h) {
  const auto down = std::count_if(w_.hosts().begin(), w_.hosts().end(),
                                  [](const auto& each) { return !each->is_running(); });
  if (!h.is_running() || static_cast<std::size_t>(down) >= most_down) return;
  w_.kill(h);
  said_.handle_killed(h);
  later(chance(60) ? up_to(500ms) : up_to(15s), [this, &h] { start_again(h); });
}

void turmoil::start_again(host& h) {
  w_.restart(h);
  equip(h);
}

// ---- what must hold

/// A stream holds at most a send buffer and a window.
void turmoil::check_memory() {
  constexpr auto most = core::sending::buffer_limit + core::receiving::far_window;
  for (const auto& h : w_.hosts()) {
    if (!h->is_running()) continue;
    const auto held = h->node().held_bytes();
    most_held_ = std::max(most_held_, held);
    if (held > h->node().streams() * most + most_passing)
      ADD_FAILURE() << h->name() << " holds " << held << " bytes for " << h->node().streams() << " streams";
  }
}

/// Ends all trouble. Then all that is still open must end, well or not, everyone must be reachable again, and
/// at last nothing may be held any more.
void turmoil::calm_down() {
  w_.note("calm");
  noisy_until_ = w_.now();
  while (!repairs_.empty()) {
    const auto what = std::move(repairs_.begin()->second);
    repairs_.erase(repairs_.begin());
    what();
  }
  for (const auto& [a, b] : at_.cables) {
    auto& line = w_.between(*a, *b);
    line.bits_per_second = std::max(line.bits_per_second, 20e6);
    line.buffer = 4 * 1024 * 1024;
  }
  for (const auto& c : said_.all())  // also those whose opening was not answered yet
    for (auto* h : {&c->asker, &c->answerer}) said_.go_on_reading(*h);
  expect_all_reachable();
  expect_all_over();
  expect_all_freed();
  expect_no_ghosts();
  EXPECT_LE(hops_.most_links(), layout::most_links);
  EXPECT_LE(hops_.most_control_links(), layout::most_links * most_repeats);
}

void turmoil::expect_all_reachable() {
  const auto until = w_.now() + 60s;
  for (const auto& h : at_.holdings) {
    bool reached = false;
    while (!reached && w_.now() < until) {
      auto& c = said_.open(*h.holder, h.ticket.issuer, {1000, 1000});
      w_.run(until - w_.now(), [&] { return c.over(); });
      reached = c.asker.how == half::fate::done && c.answerer.how == half::fate::done;
    }
    EXPECT_TRUE(reached) << h.holder->name() << " does not reach " << h.server->name();
  }
}

void turmoil::expect_all_over() {
  w_.run(60s, [&] { return said_.all_over(); });
  for (const auto* c : said_.open_ones())
    for (const auto* h : {&c->asker, &c->answerer})
      if (h->is_open())
        ADD_FAILURE() << "conversation " << c->number << " is still open at " << h->at->name() << ": "
                      << h->written << " of " << h->length << " written, " << h->received << " received";
}

void turmoil::expect_all_freed() {
  w_.run(35s);  // flows end after 30 s of idling
  for (const auto& h : w_.hosts()) {
    EXPECT_EQ(h->node().streams(), 0u) << h->name();
    EXPECT_EQ(h->node().held_bytes(), 0u) << h->name();
    EXPECT_EQ(h->node().flows(), 0u) << h->name();
  }
  // One link for each cable, as a guest keeps a link to both addresses of its ticket. It may still be
  // dialling an address that it learned, for a link that it lacks.
  w_.run(15s, [&] { return w_.connections() == at_.cables.size(); });
  EXPECT_EQ(w_.connections(), at_.cables.size());
  std::size_t links = 0;
  for (const auto& h : w_.hosts()) links += h->node().links().size();
  EXPECT_EQ(links, 2 * w_.connections());
}

/// One session for each ticket, and none with nodes that are gone: a server probes after 30 s of silence.
void turmoil::expect_no_ghosts() {
  w_.run(20s);
  for (const auto& h : w_.hosts()) {
    const auto its = std::count_if(at_.holdings.begin(), at_.holdings.end(), [&](const layout::holding& one) {
      return one.holder == h.get() || one.server == h.get();
    });
    EXPECT_EQ(h->node().sessions().size(), static_cast<std::size_t>(its)) << h->name();
  }
}

void turmoil::count(tally& t) const {
  for (const auto& c : said_.all()) {
    for (const auto* h : {&c->asker, &c->answerer}) {
      t.halves += h->at != nullptr;
      t.done += h->how == half::fate::done;
      t.reset += h->how == half::fate::reset;
      t.refused += h->how == half::fate::refused;
      t.received += h->received;
    }
  }
  for (const auto& h : w_.hosts()) {
    t.paths_lost += h->count<core::path_lost>();
    t.paths_resumed += h->count<core::path_resumed>();
    t.sessions += h->count<core::session_up>();
  }
  t.most_held = std::max(t.most_held, most_held_);
  t.packets += hops_.packets();
  t.far_packets += hops_.most_links() > 2;
}

// ---- the runs

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void run(std::uint64_t seed, tally& t) {
  SCOPED_TRACE("GOF_SIM_SEED=" + std::to_string(seed));
  turmoil s(seed);
  try {
    s.run();
  } catch (const std::logic_error& e) {
    ADD_FAILURE() << e.what();
  }
  s.count(t);
  if (!::testing::Test::HasFailure()) return;
  std::cout << "GOF_SIM_SEED=" << seed << " failed\n"
            << s.write("sim.mesh." + std::to_string(seed)) << std::endl;
}

/// In parts, which can run in parallel.
class Mesh : public ::testing::TestWithParam<unsigned> {
 protected:
  static constexpr unsigned parts = 4;
};

TEST_P(Mesh, of_ten_keeps_every_promise_in_turmoil) {
  tally t;
  if (const auto only = from_environment("GOF_SIM_SEED", 0)) {
    if (GetParam() == 0) run(only, t);
    return;
  }
  const auto seeds = from_environment("GOF_SIM_SEEDS", 200);
  std::cout << "seeds 1 to " << seeds << ", every fourth from " << GetParam() + 1 << std::endl;
  std::size_t runs = 0;
  for (std::uint64_t seed = GetParam() + 1; seed <= seeds && !HasFailure(); seed += parts, ++runs)
    run(seed, t);
  std::cout << t.halves << " ends of streams: " << t.done << " done, " << t.reset << " reset, " << t.refused
            << " refused; " << t.received / 1'000'000 << " MB in " << t.packets << " packets; paths lost "
            << t.paths_lost << ", resumed " << t.paths_resumed << "; sessions " << t.sessions
            << "; most held by a node " << t.most_held / 1024 << " KiB; more than two links in "
            << t.far_packets << " of " << runs << " runs" << std::endl;
  EXPECT_GT(t.done * 4, t.halves);  // if turmoil ends everything, it tests nothing
  EXPECT_GT(t.reset * 50, t.halves);
  EXPECT_GT(t.paths_resumed, 0u);
  EXPECT_GT(t.far_packets * 2, runs);
}

INSTANTIATE_TEST_SUITE_P(Part, Mesh, ::testing::Range(0u, 4u));

}  // namespace
}  // namespace gof::test
