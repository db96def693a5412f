#include "mux/mux.hpp"
#include "support/trace.hpp"
#include "support/world.hpp"
#include "traffic.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace gof::test {
namespace {

/// Totals over all runs, which show that the runs did some work.
struct tally {
  std::size_t halves = 0, done = 0, reset = 0, refused = 0, paths_lost = 0, paths_resumed = 0, sessions = 0;
  std::uint64_t received = 0;
};

/// One run: three nodes, random conversations, and every kind of fault. The seed decides everything.
class storm {
 public:
  static constexpr duration survive = 8s;
  static constexpr duration connect_timeout = 5s;
  static constexpr int steps = 60;

  explicit storm(std::uint64_t seed) : w_(seed), record_(w_), said_(w_), dice_(seed * 7919 + 17) {}

  void run();
  void count(tally& t) const;
  std::string write(const std::string& name) const { return record_.write(name); }

 private:
  world w_;
  trace record_;
  traffic said_;
  std::mt19937_64 dice_;
  instant noisy_until_{};
  host* server_ = nullptr;
  host* guest_ = nullptr;
  host* member_ = nullptr;  ///< a member; it and the server hold each other's ticket
  std::vector<std::pair<host*, wire::ticket>> tickets_;

  std::uint64_t below(std::uint64_t n) { return dice_() % n; }
  bool chance(unsigned percent) { return below(100) < percent; }
  duration up_to(duration most) { return duration(static_cast<std::int64_t>(below(most.count() + 1))); }
  host& any() { return *w_.hosts()[below(w_.hosts().size())]; }
  host& any_client() { return chance(50) ? *guest_ : *member_; }

  void set_up();
  void step();
  void open_one();
  void meddle(conversation& c);
  void trouble();
  void cut(host& a, host& b);
  void kill(host& h);
  void equip(host& h);
  void change_line();
  void make_noise();
  void check_memory();
  void calm_down();
};

void storm::set_up() {
  server_ = &w_.add_member("server", survive, connect_timeout);
  guest_ = &w_.add_guest("guest", survive, connect_timeout);
  member_ = &w_.add_member("member", survive, connect_timeout);
  const auto of_server = w_.ticket(*server_, {"web"}, 1);
  const auto of_server_too = w_.ticket(*server_, {"web"}, 2);
  const auto of_member = w_.ticket(*member_, {"web"}, 3);
  said_.allow(*server_, of_server);
  said_.allow(*server_, of_server_too);
  said_.allow(*member_, of_member);
  tickets_ = {{guest_, of_server}, {member_, of_server_too}, {server_, of_member}};
  for (const auto& h : w_.hosts()) {
    said_.serve(*h);
    equip(*h);
  }
  change_line();
}

void storm::equip(host& h) {
  for (const auto& [holder, ticket] : tickets_) {
    if (holder == &h) {
      EXPECT_FALSE(h.node().add_ticket(w_.now(), ticket));
    }
  }
}

void storm::run() {
  set_up();
  for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
    step();
    w_.run(chance(30) ? up_to(2s) : up_to(100ms));
    check_memory();
  }
  if (!::testing::Test::HasFailure()) calm_down();
}

void storm::step() {
  const auto open = said_.open_ones();
  const auto what = below(100);
  if (what < 45 || open.empty()) return open_one();
  if (what < 75) return meddle(*open[below(open.size())]);
  if (what < 83) return change_line();
  trouble();
}

void storm::open_one() {
  traffic::plan p;
  const auto size = [this] {
    if (chance(20)) return std::uint64_t{0};
    return chance(75) ? below(100'000) : below(3'000'000);
  };
  p.up = size();
  p.down = size();
  p.answer = chance(30);
  const auto& [holder, ticket] = tickets_[below(tickets_.size())];
  if (!holder->is_running()) return;
  auto& c = said_.open(*holder, ticket.issuer, p);
  if (chance(20)) said_.stop_reading(c.asker);
  if (chance(20)) said_.stop_reading(c.answerer);
}

void storm::meddle(conversation& c) {
  auto& h = chance(50) && c.answerer.is_open() ? c.answerer : c.asker;
  if (!h.is_open()) return;
  switch (below(4)) {
    case 0: return said_.stop_reading(h);
    case 1: return said_.go_on_reading(h);
    case 2: return said_.finish_early(h);
    default: return said_.reset(h);
  }
}

void storm::change_line() {
  auto& line = w_.between(*server_, any_client());
  line.delay = chance(30) ? 0ms : up_to(100ms);
  line.bits_per_second = chance(30) ? 0 : 1e6 * static_cast<double>(1 + below(500));
  line.piece = chance(50) ? 16 * 1024 : 200 + below(30'000);
  line.buffer = chance(50) ? 4 * 1024 * 1024 : 65'536 + below(1'000'000);
}

void storm::trouble() {
  auto& peer = any_client();
  switch (below(6)) {
    case 4: return make_noise();
    case 0: return w_.reset_connections(*server_, peer);
    case 1:
    case 2: return cut(*server_, peer);
    case 3: return kill(any());
    default: return w_.jump_wall_clock(std::chrono::seconds(static_cast<std::int64_t>(below(14'400)) - 7200));
  }
}

void storm::cut(host& a, host& b) {
  if (w_.between(a, b).is_cut()) return w_.heal(a, b);
  w_.cut(a, b);
  if (chance(70)) {
    w_.run(up_to(chance(70) ? survive / 2 : 2 * survive));
    w_.heal(a, b);
  }
}

/// Flips bits on every cable for a while.
void storm::make_noise() {
  w_.note("noise");
  noisy_until_ = w_.now() + up_to(2s);
  const auto one_in = 2 + below(100);
  w_.on_bytes = [this, one_in](const host&, const host&, bytes& data) {
    if (w_.now() < noisy_until_ && below(one_in) == 0)
      data[below(data.size())] ^= static_cast<std::uint8_t>(1u << below(8));
  };
}

void storm::kill(host& h) {
  if (!h.is_running()) return;
  w_.kill(h);
  said_.handle_killed(h);
  w_.run(chance(60) ? up_to(500ms) : up_to(12s));
  w_.restart(h);
  equip(h);
}

void storm::count(tally& t) const {
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
}

/// A stream holds at most a send buffer and a window.
void storm::check_memory() {
  constexpr auto most = core::sending::buffer_limit + core::receiving::far_window;
  for (const auto& h : w_.hosts()) {
    if (!h->is_running()) continue;
    EXPECT_LE(h->node().held_bytes(), h->node().streams() * most) << h->name();
  }
}

/// Ends all trouble. Then all that is still open must end, well or not, and be freed.
void storm::calm_down() {
  w_.note("calm");
  noisy_until_ = w_.now();
  for (auto* peer : {guest_, member_}) {
    auto& line = w_.between(*server_, *peer);
    w_.heal(*server_, *peer);
    line.bits_per_second = std::max(line.bits_per_second, 20e6);
    line.buffer = 4 * 1024 * 1024;
  }
  for (const auto& c : said_.all())  // also those whose opening was not answered yet
    for (auto* h : {&c->asker, &c->answerer}) said_.go_on_reading(*h);
  EXPECT_TRUE(w_.run(60s, [&] { return said_.all_over(); }));
  for (const auto* c : said_.open_ones())
    for (const auto* h : {&c->asker, &c->answerer})
      if (h->is_open())
        ADD_FAILURE() << "conversation " << c->number << " is still open at " << h->at->name() << ": "
                      << h->written << " of " << h->length << " written, " << h->received << " received";
  w_.run(30s);
  for (const auto& h : w_.hosts()) {
    EXPECT_EQ(h->node().streams(), 0u) << h->name();
    EXPECT_EQ(h->node().held_bytes(), 0u) << h->name();
    const std::size_t others = h.get() == server_ ? 2 : 1;
    EXPECT_EQ(h->node().links().size(), others) << h->name();
    EXPECT_EQ(h->node().sessions().size(), others) << h->name();
  }
  EXPECT_EQ(w_.connections(), 2u);
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void run(std::uint64_t seed, tally& t) {
  SCOPED_TRACE("GOF_SIM_SEED=" + std::to_string(seed));
  storm s(seed);
  try {
    s.run();
  } catch (const std::logic_error& e) {
    ADD_FAILURE() << e.what();
  }
  s.count(t);
  if (!::testing::Test::HasFailure()) return;
  std::cout << "GOF_SIM_SEED=" << seed << " failed\n"
            << s.write("sim.random." + std::to_string(seed)) << std::endl;
}

/// In parts, which can run in parallel.
class Storm : public ::testing::TestWithParam<unsigned> {
 protected:
  static constexpr unsigned parts = 4;
};

TEST_P(Storm, leaves_every_promise_kept) {
  tally t;
  if (const auto only = from_environment("GOF_SIM_SEED", 0)) {
    if (GetParam() == 0) run(only, t);
    return;
  }
  const auto seeds = from_environment("GOF_SIM_SEEDS", 100);
  std::cout << "seeds 1 to " << seeds << ", every fourth from " << GetParam() + 1 << std::endl;
  for (std::uint64_t seed = GetParam() + 1; seed <= seeds && !HasFailure(); seed += parts) run(seed, t);
  std::cout << t.halves << " ends of streams: " << t.done << " done, " << t.reset << " reset, " << t.refused
            << " refused; " << t.received / 1'000'000 << " MB; paths lost " << t.paths_lost << ", resumed "
            << t.paths_resumed << "; sessions " << t.sessions << std::endl;
  EXPECT_GT(t.done * 4, t.halves);  // if storms end everything, they test nothing
  EXPECT_GT(t.reset * 20, t.halves);
  EXPECT_GT(t.paths_resumed, 0u);
}

INSTANTIATE_TEST_SUITE_P(Part, Storm, ::testing::Range(0u, 4u));

}  // namespace
}  // namespace gof::test
