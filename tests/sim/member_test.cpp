#include "mesh/label.hpp"
#include "node/inflows.hpp"
#include "scenario.hpp"
#include "support/bad_frames.hpp"
#include "support/speaker.hpp"
#include "wire/flow.hpp"
#include "wire/have.hpp"
#include "wire/link_control.hpp"
#include "wire/path_error.hpp"
#include "wire/record_frame.hpp"
#include "wire/want.hpp"

#include <algorithm>
#include <iostream>
#include <random>

namespace gof::test {
namespace {

using wire::frame_type;
constexpr std::uint64_t mebibyte = 1 << 20;

/// A member that sends arbitrary frames to a relay through which a server and its guest talk. It sends its
/// label first, since some frames count only after that.
class liar final : public speaker {
 public:
  using speaker::speaker;
  std::size_t errors = 0;
  std::size_t resets = 0;

 private:
  void handle_up(instant, link_id link, const core::link::up&) override {
    send(link, frame_type::label, wire::label{4711}.encode());
  }
  void handle_received(instant, link_id, core::link::received& what) override {
    errors += what.type == frame_type::path_error;
  }
  void handle_notice(instant, link_id, const core::link::notice& what) override {
    resets += what.type == frame_type::flow_reset;
  }
};

struct Member : scenario, ::testing::WithParamInterface<int> {
  host* relay = nullptr;
  host* evil_host = nullptr;
  liar* evil = nullptr;
  link_id link{};
  conversation* honest = nullptr;
  std::size_t most_held = 0;

  void SetUp() override {
    relay = &w.add_member("relay");
    server = &w.add_member("server");
    client = &w.add_guest("client");
    auto made = std::make_unique<liar>(w.network_key(), w.random());
    evil = made.get();
    evil_host = &w.add_stand_in("evil", std::move(made));
    for (auto* h : {server, client, evil_host}) {
      w.between(*relay, *h).delay = 1ms;
      w.between(*relay, *h).bits_per_second = 50e6;
    }
    w.join(*server, *relay);
    grant = w.ticket(*server, {"web"});
    grant.addresses = {{relay->name(), relay->port()}};
    said.serve(*server);
    said.serve(*client);
    said.allow(*server, grant);
    ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
    come_in();
    bring_up();
    honest = &converse({0, 0, false, true});
  }
  /// Runs the world, and records the most that the relay held.
  void run(
      duration time, const std::function<bool()>& done = [] { return false; }) {
    w.run(time, [&] {
      most_held = std::max(most_held, relay->node().held_bytes());
      return done();
    });
  }
  /// At most 20 links a second are accepted from a source.
  void come_in() {
    if (evil->is_up(link)) return;
    w.run(60ms);
    link = evil->dial_as_member({relay->name(), relay->port()});
    ASSERT_TRUE(w.run(2s, [&] { return evil->is_up(link); }));
    w.run(5ms);
  }
  void try_frame(frame_type type, const_bytes header, fate expected, const std::string& what) {
    come_in();
    ASSERT_TRUE(evil->is_up(link)) << what;
    evil->send(link, type, header);
    judge(expected, what, type != frame_type::bye);
  }
  /// A link that the relay closes is given the reason, unless the member said BYE first.
  void judge(fate expected, const std::string& what, bool tells = true) {
    run(5ms, [&] { return evil->end_of(link) != nullptr; });
    const auto* end = evil->end_of(link);
    if (expected == fate::stands) {
      EXPECT_EQ(end, nullptr) << what << ": " << (end ? end->detail : "");
    }
    if (expected == fate::closes) {
      ASSERT_NE(end, nullptr) << what;
    }
    if (end != nullptr && tells) {
      EXPECT_TRUE(end->told) << what;
      EXPECT_TRUE(end->why == wire::reason::protocol || end->why == wire::reason::version) << what;
    }
    said.say(honest->asker, 1000);
    said.say(honest->answerer, 1000);
  }
  void expect_others_unharmed() {
    said.finish(honest->asker);
    said.finish(honest->answerer);
    EXPECT_TRUE(w.run(20s, [&] { return said.all_over(); }));
    expect_intact(*honest);
    for (const auto* h : {server, client}) {
      EXPECT_EQ(h->count<core::link_down>(), 0u) << h->name();
      EXPECT_EQ(h->count<core::path_lost>(), 0u) << h->name();
      EXPECT_EQ(h->count<core::path_changed>(), 0u) << h->name();
    }
    EXPECT_LE(most_held, mebibyte);
    w.run(35s);
    EXPECT_EQ(relay->node().held_bytes(), 0u);
    EXPECT_LE(relay->node().links().size(), 3u);
    expect_freed();
  }

  wire::packet head() {
    wire::packet p;
    p.source = evil->node();
    p.destination = server->node().id();
    p.labels = {1, 2};
    p.number = 5;
    return p;
  }
  std::vector<frame_sample> samples() { return frame_samples(evil->node(), server->node().id()); }
};

TEST_F(Member, frames_cut_at_each_length_or_made_longer_close_that_link_alone) {
  std::size_t tried = 0;
  for (const auto& s : samples()) {
    try_frame(s.type, s.header, s.whole, std::string(s.name) + " whole");
    for (std::size_t size = 0; size < s.header.size(); ++size) {
      try_frame(s.type, const_bytes(s.header).first(size), s.cut_to(size),
                s.name + (" cut to " + std::to_string(size)));
      ++tried;
    }
    for (const std::size_t more : {1, 2, 7}) {
      auto longer = s.header;
      longer.resize(longer.size() + more, 0xff);
      try_frame(s.type, longer, s.grown(), s.name + (" longer by " + std::to_string(more)));
      ++tried;
    }
  }
  std::cout << tried << " frames, at most " << most_held << " bytes held\n";
  expect_others_unharmed();
}

TEST_F(Member, unknown_frames_are_skipped_below_0x80_and_close_the_link_from_there_on) {
  for (unsigned type = 0; type < 256; ++type) {
    const auto all = samples();
    const auto its = static_cast<frame_type>(type);
    const bool known = std::any_of(all.begin(), all.end(), [&](const auto& s) { return s.type == its; });
    const bool others = type == 0x01 || type == 0x02 || (type > 0x08 && type < 0x30);  // or later versions'
    if (known) continue;
    try_frame(its, bytes(20, 0xee),
              others        ? fate::either
              : type < 0x80 ? fate::stands
                            : fate::closes,
              "type " + std::to_string(type));
    if (const auto* end = evil->end_of(link); end && type >= 0x80) {
      EXPECT_EQ(end->why, wire::reason::version) << type;
    }
  }
  expect_others_unharmed();
}

/// Wrong bytes in clear: false lengths, unsealed frames of a wrong kind, bytes that are no frame.
TEST_F(Member, lying_lengths_and_garbage_close_that_link_alone) {
  const auto lies = lying_frames();
  for (const auto& lie : lies) {
    come_in();
    evil->send_raw(link, lie);
    judge(fate::closes, "lie " + std::to_string(&lie - lies.data()));
  }
  for (int seed = 0; seed < 50; ++seed) {
    come_in();
    bytes garbage(6 + w.random().number() % 70'000);
    w.random().fill(garbage);
    garbage[0] = 1;  // a length above that of any frame
    evil->send_raw(link, garbage);
    judge(fate::closes, "garbage " + std::to_string(seed));
  }
  // Half a frame without the rest: that link ends when it is silent, and nothing waits for it.
  come_in();
  evil->send_raw(link, bytes{0, 0xff, 0xf0, 0x10, 0, 40});
  run(1s);
  expect_others_unharmed();
}

TEST_P(Member, random_frames_harm_nobody) {
  std::mt19937_64 dice(static_cast<std::uint64_t>(GetParam()));
  std::cout << "seed " << GetParam() << "\n";
  const auto all = samples();
  for (int i = 0; i < 150; ++i) {
    come_in();
    const auto& s = all[dice() % all.size()];
    auto header = s.header;
    if (dice() % 3 == 0) header.resize(dice() % 200);
    for (auto more = dice() % 4; more > 0 && !header.empty(); --more)
      header[dice() % header.size()] = static_cast<std::uint8_t>(dice());
    if (s.type == frame_type::record && dice() % 8 == 0) header.resize(60'000, 0xaa);
    for (auto often = 1 + dice() % 5; often > 0; --often) evil->send(link, s.type, header);
    judge(fate::either, s.name, s.type != frame_type::bye);
  }
  expect_others_unharmed();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Member, ::testing::Range(1, 6));

/// Each flow has a window of its own, so their number is limited.
TEST_F(Member, flows_beyond_1024_are_refused_and_hold_nothing) {
  auto p = head();
  const auto route = client->node().sessions()[0];
  ASSERT_TRUE(route.up);
  p.labels = {core::label_of(relay->node().id(), server->node().id(), {})};
  for (unsigned i = 0; i < 3000; ++i) {
    p.destination.value[7] = static_cast<std::uint8_t>(i);
    p.generation = static_cast<std::uint16_t>(i / 256 + 1);
    evil->send_packet(w.now(), link, frame_type::relay_data, p, bytes(100, 1));
    if (i % 100 == 0) run(2ms);
  }
  run(200ms);
  EXPECT_LE(relay->node().flows(), core::inflows::most_flows + 8);
  EXPECT_GE(relay->node().flows(), core::inflows::most_flows);
  EXPECT_LE(server->node().flows(), core::inflows::most_flows + 8);
  EXPECT_GT(evil->errors, 0u);
  said.say(honest->asker, mebibyte);
  run(2s);
  EXPECT_EQ(honest->answerer.received, honest->asker.length);
  evil->close(link, wire::reason::none);
  run(1s);
  EXPECT_LE(relay->node().flows(), 4u) << "flows end with their link";
  expect_others_unharmed();
}

/// Otherwise what waits for credit after it would wait for ever, at each relay that it passed.
TEST_F(Member, data_that_goes_nowhere_is_answered_with_the_end_of_its_flow) {
  auto p = head();
  const auto good = core::label_of(relay->node().id(), server->node().id(), {});
  p.labels = {static_cast<std::uint16_t>(good ^ 1u)};
  evil->send_packet(w.now(), link, frame_type::relay_data, p, bytes(100, 1));
  run(50ms);
  EXPECT_EQ(evil->errors, 1u) << "no such link";
  EXPECT_EQ(evil->resets, 1u);
  p.labels = {good};
  evil->send_packet(w.now(), link, frame_type::relay_data, p, bytes(100, 1));
  run(50ms);
  EXPECT_EQ(evil->resets, 2u) << "that flow has ended";
  ++p.generation;
  evil->send_packet(w.now(), link, frame_type::relay_data, p, bytes(100, 1));
  evil->send(link, frame_type::flow_close, wire::flow_close{flow_of(p)}.encode());
  evil->send_packet(w.now(), link, frame_type::relay_data, p, bytes(100, 1));
  run(50ms);
  EXPECT_EQ(evil->errors, 1u);
  EXPECT_EQ(evil->resets, 3u) << "after the end of its flow";
  expect_others_unharmed();
}

/// It sends requests and reads no answers: what waits for it stays bounded.
TEST_F(Member, that_asks_without_end_and_reads_nothing_is_not_answered_without_end) {
  w.between(*relay, *evil_host).buffer = 64 * 1024;
  w.cut_one_way(*relay, *evil_host);
  const wire::record_name name{relay->node().id(), wire::record_part::links};
  std::size_t asked = 0;
  for (int i = 0; i < 400; ++i) {
    // A PONG has the size of its PING. With a record, which is longer than its WANT, the answers fill their
    // way before the questions fill theirs.
    evil->send(link, frame_type::want, wire::want{{name}}.encode());
    for (int k = 0; k < 500; ++k, ++asked) evil->send(link, frame_type::ping, wire::ping{1}.encode());
    run(5ms);
  }
  EXPECT_GE(asked, 200'000u);
  std::size_t waiting = 0;
  for (const auto& its : relay->node().links())
    if (its.node == evil->node()) waiting = relay->node().poll_transmit(w.now(), its.link).size();
  EXPECT_GT(waiting, 0u);
  EXPECT_LE(waiting, 2 * core::output_limit::most);
  expect_others_unharmed();
}

TEST_F(Member, that_asks_for_records_without_end_and_reads_nothing_is_not_answered_without_end) {
  w.between(*relay, *evil_host).buffer = 64 * 1024;
  w.cut_one_way(*relay, *evil_host);
  const wire::record_name name{relay->node().id(), wire::record_part::links};
  for (int i = 0; i < 20'000; ++i) {  // a record for each request: 2.8 MB in all
    evil->send(link, frame_type::want, wire::want{{name}}.encode());
    run(200us);
  }
  std::optional<std::size_t> waiting;
  for (const auto& its : relay->node().links())
    if (its.node == evil->node()) waiting = relay->node().poll_transmit(w.now(), its.link).size();
  ASSERT_TRUE(waiting) << "the link is gone";
  EXPECT_GT(*waiting, 0u);
  EXPECT_LE(*waiting, 2 * core::link::news_limit);
  w.run(5s);
  expect_others_unharmed();
}

}  // namespace
}  // namespace gof::test
