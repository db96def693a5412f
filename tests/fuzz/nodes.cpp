// Whole nodes in virtual time (tests/support) that follow a schedule from the input: connections, writes,
// ends, resets, readers that stop, cables cut and altered, nodes killed, and a member that sends arbitrary
// frames. At the end all trouble stops, and every promise must have been kept. The first byte says which
// nodes exist; commands follow.
#include "check.hpp"
#include "input.hpp"
#include "mux/mux.hpp"
#include "node/inflows.hpp"
#include "repeatable.hpp"
#include "support/speaker.hpp"
#include "support/world.hpp"
#include "traffic.hpp"
#include "wire/link_control.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <iostream>

namespace gof::fuzz {
namespace {

using test::host;

constexpr duration survive = 4s;
constexpr duration connect_timeout = 10s;
constexpr std::size_t most_conversations = 12;
constexpr std::size_t most_said = 1 << 20;  ///< bytes in a run, which make it slow
constexpr duration longest_run = 60s;

/// A neighbour with a regular hello and label, which then sends what it is told to.
class liar final : public test::speaker {
 public:
  using speaker::speaker;

 private:
  void handle_up(instant, link_id link, const core::link::up&) override {
    send(link, wire::frame_type::label, wire::label{4711}.encode());
  }
};

/// What happens to some bytes on the way.
struct meddling {
  std::uint8_t kind = 0;
  std::size_t place = 0;
  bytes with;

  void apply(bytes& piece) const {
    const auto at = piece.begin() + static_cast<std::ptrdiff_t>(place % piece.size());
    switch (kind % 4) {
      case 0: *at = static_cast<std::uint8_t>(*at ^ (with.empty() ? 1 : with[0] | 1)); break;
      case 1: piece.insert(at, with.begin(), with.end()); break;
      case 2:
        piece.erase(at, at + std::min<std::ptrdiff_t>(with.empty() ? 1 : with[0], piece.end() - at));
        break;
      default: std::copy_n(with.begin(), std::min<std::ptrdiff_t>(std::ssize(with), piece.end() - at), at);
    }
  }
};

class run {
 public:
  explicit run(const_bytes input) : in_(input) {}

  void all();

 private:
  script in_;
  test::world w_{1};
  test::traffic said_{w_};
  bool relayed_ = false;
  host* server_ = nullptr;
  host* relay_ = nullptr;  ///< the server itself if there is no relay
  host* client_ = nullptr;
  host* evil_host_ = nullptr;
  liar* evil_ = nullptr;
  std::optional<link_id> evil_link_;
  wire::ticket grant_;
  std::size_t to_say_ = most_said;
  bool troubled_ = false;  ///< something happened that may end connections
  std::set<const test::conversation*> let_go_;
  std::map<const host*, std::set<stream_id>> probes_;  ///< not yet answered
  std::map<std::pair<const host*, const host*>, std::deque<meddling>> meddlings_;
  std::size_t untouched_ = 0;  ///< how many pieces pass before the next change

  void set_up();
  void serve(host& at);
  void command();
  void open_one();
  void move_one();
  void pass_time();
  void cut_or_heal();
  void kill_or_restart();
  void meddle();
  void change_line();
  void ask();
  void come_in();
  void send_frame();
  void send_packet();
  void take_size(std::uint64_t& of);
  host& any();
  std::pair<host*, host*> any_cable();
  void kill(host& h);
  void start(host& h);
  void check_memory() const;
  void calm_down();
};

void run::set_up() {
  const auto plan = in_.byte();
  relayed_ = plan & 1;
  server_ = &w_.add_member("server", survive, connect_timeout);
  relay_ = relayed_ ? &w_.add_member("relay", survive, connect_timeout) : server_;
  client_ = plan & 2 ? &w_.add_member("client", survive, connect_timeout)
                     : &w_.add_guest("client", survive, connect_timeout);
  auto made = std::make_unique<liar>(w_.network_key(), w_.random());
  evil_ = made.get();
  evil_host_ = &w_.add_stand_in("evil", std::move(made));
  if (relayed_) w_.join(*server_, *relay_);
  grant_ = w_.ticket(*server_, {"web"});
  grant_.addresses = {{relay_->name(), relay_->port()}};
  serve(*server_);
  serve(*client_);
  said_.allow(*server_, grant_);
  check(!client_->node().add_ticket(w_.now(), grant_));
  w_.on_bytes = [this](const host& from, const host& to, bytes& piece) {
    auto& waiting = meddlings_[{&from, &to}];
    if (waiting.empty() || piece.empty()) return;
    if (untouched_ > 0) {
      --untouched_;
      return;
    }
    waiting.front().apply(piece);
    waiting.pop_front();
  };
  if (plan & 4) w_.run(2s, [&] { return client_->count<core::session_up>() > 0; });
}

/// Events of probes are not passed to the conversations.
void run::serve(host& at) {
  said_.serve(at);
  at.on_event = [this, &at, converse = at.on_event](const core::event& e) {
    if (const auto* no = std::get_if<core::stream_refused>(&e))
      if (probes_[&at].erase(no->stream) > 0) return;
    if (const auto* yes = std::get_if<core::stream_probed>(&e))
      return check(probes_[&at].erase(yes->stream) > 0);
    converse(e);
  };
}

void run::all() {
  set_up();
  while (!in_.over() && w_.since_start() < longest_run) {
    command();
    w_.run(0ms);
    check_memory();
  }
  calm_down();
}

void run::command() {
  switch (in_.byte() % 16) {
    case 0:
    case 1: return open_one();
    case 2:
    case 3: return move_one();
    case 4:
    case 5: return pass_time();
    case 6: return cut_or_heal();
    case 7: return kill_or_restart();
    case 8: return meddle();
    case 9: return change_line();
    case 10: return ask();
    case 11: return come_in();
    case 12: return send_frame();
    case 13: return send_packet();
    case 14: {
      if (evil_link_) evil_->send_raw(*evil_link_, in_.block());
      return;
    }
    default: {
      const auto [a, b] = any_cable();
      w_.reset_connections(*a, *b);
      troubled_ = true;
    }
  }
}

// ---- connections

void run::take_size(std::uint64_t& of) {
  const auto size = std::min(in_.size(), to_say_);
  to_say_ -= size;
  of = size;
}

void run::open_one() {
  const auto how = in_.byte();
  test::traffic::plan p;
  take_size(p.up);
  take_size(p.down);
  p.answer = how & 1;
  p.hold = how & 2;
  if (said_.all().size() >= most_conversations || !client_->is_running()) return;
  auto& c = said_.open(*client_, grant_.issuer, p);
  if (how & 4) said_.stop_reading(c.asker);
  if (how & 8) said_.stop_reading(c.answerer);
}

void run::move_one() {
  const auto open = said_.open_ones();
  if (open.empty()) return;
  auto& c = *open[in_.below(open.size())];
  const auto how = in_.byte();
  auto& h = how & 8 ? c.answerer : c.asker;
  if (!h.is_open()) return;
  switch (how % 8) {
    case 0: return said_.stop_reading(h);
    case 1: return said_.go_on_reading(h);
    case 2: return said_.finish_early(h);
    case 3: let_go_.insert(&c); return said_.reset(h);
    case 4: return said_.finish(h);
    default: {
      std::uint64_t more = 0;
      take_size(more);
      if (!h.finished) said_.say(h, more);
    }
  }
}

/// Commands that leave connections alone, except for a dropped ticket, which ends its own.
void run::ask() {
  const auto how = in_.byte();
  auto& h = how & 8 ? *server_ : *client_;
  if (!h.is_running()) return;
  auto& node = h.node();
  switch (how % 8) {
    case 0: node.ping(w_.now(), grant_.issuer); break;
    case 1: probes_[&h].insert(node.probe(w_.now(), grant_.issuer, "web")); break;
    case 2: node.publish(w_.now(), {"web"}, {{h.name(), h.port()}}); break;
    case 3:
      if (&h == client_) {
        troubled_ = true;
        node.drop_ticket(w_.now(), grant_);
        check(!node.add_ticket(w_.now(), grant_));
      }
      break;
    case 4:  // an orderly end, but at any moment
      troubled_ = true;
      node.shutdown(w_.now());
      w_.run(0ms);
      kill(h);
      return start(h);
    default: node.ping(w_.now(), peer_id(in_.block()));
  }
  w_.kick(h);
}

// ---- time and trouble

void run::pass_time() {
  w_.run(std::min<duration>(in_.size() * 100us, 10s));
}

host& run::any() {
  return *w_.hosts()[in_.below(w_.hosts().size())];
}

std::pair<host*, host*> run::any_cable() {
  if (!relayed_) return {server_, client_};
  return in_.flag() ? std::pair{server_, relay_} : std::pair{relay_, client_};
}

void run::cut_or_heal() {
  const auto [a, b] = any_cable();
  const auto how = in_.byte() % 4;
  if (how == 0 || w_.between(*a, *b).is_cut()) return w_.heal(*a, *b);
  troubled_ = true;
  if (how == 1) return w_.cut(*a, *b);
  if (how == 2) return w_.cut_one_way(*a, *b);
  w_.cut_one_way(*b, *a);
}

void run::kill(host& h) {
  w_.kill(h);
  said_.handle_killed(h);
  probes_[&h].clear();
}

void run::start(host& h) {
  w_.restart(h);
  if (&h == client_) check(!h.node().add_ticket(w_.now(), grant_));
}

void run::kill_or_restart() {
  auto& h = any();
  if (&h == evil_host_) return;
  troubled_ = true;
  h.is_running() ? kill(h) : start(h);
}

void run::meddle() {
  const auto [a, b] = any_cable();
  const auto how = in_.byte();
  untouched_ = how >> 3;
  meddling m;
  m.kind = how;
  m.place = in_.size();
  const auto with = in_.block();
  m.with.assign(with.begin(), with.end());
  troubled_ = true;
  meddlings_[how & 4 ? std::pair{a, b} : std::pair{b, a}].push_back(std::move(m));
}

void run::change_line() {
  const auto [a, b] = any_cable();
  auto& line = w_.between(*a, *b);
  const auto how = in_.byte();
  line.delay = how % 8 * 10ms;
  line.bits_per_second = how & 8 ? 2e6 * static_cast<double>(1 + (how >> 4)) : 0;
  line.piece = how & 16 ? std::max<std::size_t>(in_.size(), 1000) : 16 * 1024;
  line.buffer = how & 32 ? 65'536 : 262'144;
}

// ---- the hostile member

void run::come_in() {
  if (evil_link_ && evil_->is_up(*evil_link_)) return;
  const auto how = in_.byte();
  auto& to = how & 1 ? *relay_ : *server_;
  const wire::address at{to.name(), to.port()};
  evil_link_ = how & 2 ? evil_->dial_as_guest(at, grant_) : evil_->dial_as_member(at);
  w_.kick(*evil_host_);
  w_.run(100ms, [&] { return evil_->is_up(*evil_link_) || evil_->end_of(*evil_link_) != nullptr; });
}

void run::send_frame() {
  const auto type = static_cast<wire::frame_type>(in_.byte());
  const auto body = in_.block();
  if (evil_link_) evil_->send(*evil_link_, type, body);
  w_.kick(*evil_host_);
}

/// Names existing nodes, since packets for others are dropped unread.
void run::send_packet() {
  const auto kinds = {wire::frame_type::relay_data, wire::frame_type::relay_control,
                      wire::frame_type::path_error};
  const auto type = kinds.begin()[in_.below(kinds.size())];
  const auto node = [this] {
    auto& h = any();
    return &h == evil_host_ || !h.is_running() ? evil_->node() : h.node().id();
  };
  wire::packet p;
  p.source = node();
  p.destination = node();
  p.generation = static_cast<std::uint16_t>(in_.below(4));
  p.is_crypto = in_.flag();
  p.phase = static_cast<std::uint8_t>(in_.below(4));
  p.number = static_cast<std::uint32_t>(in_.size());
  for (auto labels = in_.below(wire::packet::most_labels + 1); labels > 0; --labels)
    p.labels.push_back(in_.word());
  p.hop = static_cast<std::uint8_t>(in_.below(p.labels.size() + 1));
  const auto payload = in_.block();
  if (evil_link_) evil_->send_packet(w_.now(), *evil_link_, type, p, payload);
  w_.kick(*evil_host_);
}

// ---- what must hold

/// A stream holds at most a send buffer and a window. Relayed packets are limited by the relay's credit, and
/// without credit by a fixed amount for each pair of nodes.
void run::check_memory() const {
  constexpr auto most = core::sending::buffer_limit + core::receiving::far_window;
  for (const auto& h : w_.hosts()) {
    if (!h->is_running() || h.get() == evil_host_) continue;
    check(h->node().held_bytes() <= h->node().streams() * most + h->node().passing_limit());
    // A node without links still has the flows of its sessions.
    check(h->node().flows() <= (h->node().links().size() + 1) * (core::inflows::most_flows + 8));
  }
}

void run::calm_down() {
  meddlings_.clear();
  w_.kill(*evil_host_);
  for (auto* h : {server_, relay_, client_}) {
    if (!h->is_running()) start(*h);
  }
  for (const auto& [a, b] : {std::pair{server_, relay_}, std::pair{relay_, client_}}) {
    if (a == b) continue;
    w_.heal(*a, *b);
    auto& line = w_.between(*a, *b);
    if (line.bits_per_second > 0) line.bits_per_second = 50e6;
    line.buffer = 4 * 1024 * 1024;
  }
  for (const auto& c : said_.all()) {  // also those whose opening never arrived
    for (auto* h : {&c->asker, &c->answerer}) said_.go_on_reading(*h);
    c->answerer.finishes = true;
  }
  for (auto* c : said_.open_ones())
    for (auto* h : {&c->asker, &c->answerer}) said_.finish(*h);
  check(w_.run(60s, [&] { return said_.all_over(); }));
  if (!troubled_)
    for (const auto& c : said_.all())
      if (!let_go_.contains(c.get()))
        check(c->asker.how == test::half::fate::done && c->answerer.how == test::half::fate::done);
  const auto freed = [](host* h) { return h->node().streams() == 0 && h->node().held_bytes() == 0; };
  check(w_.run(15s, [&] { return freed(server_) && freed(client_) && freed(relay_); }));
  for (const auto& [at, unanswered] : probes_) check(unanswered.empty());
}

/// Stops at a broken promise that tests/sim/traffic.hpp reports.
struct stop_at_failure final : ::testing::EmptyTestEventListener {
  void OnTestPartResult(const ::testing::TestPartResult& what) override {
    if (!what.failed()) return;
    std::cerr << what.message() << std::endl;
    std::abort();
  }
};

}  // namespace
}  // namespace gof::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool listening = [] {
    ::testing::UnitTest::GetInstance()->listeners().Append(new gof::fuzz::stop_at_failure);
    return true;
  }();
  gof::fuzz::check(listening);
  gof::fuzz::repeat_random(1);
  gof::fuzz::run(gof::const_bytes(data, size)).all();
  return 0;
}
