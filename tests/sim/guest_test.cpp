#include "link/credit.hpp"
#include "mesh/label.hpp"
#include "scenario.hpp"
#include "support/speaker.hpp"
#include "wire/flow.hpp"
#include "wire/have.hpp"
#include "wire/link_control.hpp"
#include "wire/path_error.hpp"
#include "wire/record_frame.hpp"

namespace gof::test {
namespace {

using wire::frame_type;
constexpr std::uint64_t mebibyte = 1 << 20;

/// Sends its label, so that packets can be sent to it, and counts what arrives.
class counter final : public speaker {
 public:
  using speaker::speaker;
  std::size_t packets = 0;
  std::size_t errors = 0;

 private:
  void handle_up(instant, link_id link, const core::link::up& up) override {
    send(link, frame_type::label, wire::label{core::label_of(node(), up.node, {})}.encode());
  }
  void handle_received(instant, link_id, core::link::received& what) override {
    ++(what.type == frame_type::path_error ? errors : packets);
  }
};

/// All are connected to one relay: a server with its guest, both honest; an issuer with two guests, one of
/// them hostile; and a member that issued a ticket to neither.
struct Guest : scenario {
  host* relay = nullptr;
  counter *issuer = nullptr, *foreign = nullptr, *other = nullptr, *evil = nullptr;
  link_id link{};
  grant_id grant_of_evil;
  conversation* honest = nullptr;

  counter* stand_in(const std::string& name) {
    auto made = std::make_unique<counter>(w.network_key(), w.random());
    auto* raw = made.get();
    cable_up(w.add_stand_in(name, std::move(made)));
    return raw;
  }
  void cable_up(host& h) {
    w.between(*relay, h).delay = 2ms;
    w.between(*relay, h).bits_per_second = 50e6;
  }
  wire::address door() const { return {relay->name(), relay->port()}; }
  link_id dial_as_guest(counter& who, const grant_id& with) {
    const auto key = secure::guest_link_key(w.network_key(), issuer->self().id(), with);
    return who.dial(door(), {key, wire::link_role::guest, issuer->self().id(), with});
  }
  void SetUp() override {
    relay = &w.add_member("relay");
    server = &w.add_member("server");
    client = &w.add_guest("client");
    for (auto* h : {server, client}) cable_up(*h);
    w.join(*server, *relay);
    grant = w.ticket(*server, {"web"});
    grant.addresses = {door()};
    said.serve(*server);
    said.serve(*client);
    said.allow(*server, grant);
    ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
    issuer = stand_in("issuer");
    foreign = stand_in("foreign");
    other = stand_in("other");
    evil = stand_in("evil");
    issuer->dial_as_member(door());
    foreign->dial_as_member(door());
    dial_as_guest(*other, w.random().draw<grant_id>());
    grant_of_evil = w.random().draw<grant_id>();
    come_in();
    bring_up();
    honest = &converse({8 * mebibyte, 8 * mebibyte});
    w.run(500ms);
    ASSERT_FALSE(honest->over());
  }
  void come_in() {
    link = dial_as_guest(*evil, grant_of_evil);
    ASSERT_TRUE(w.run(2s, [&] { return evil->is_up(link); }));
    w.run(20ms);  // wait for the labels
  }
  std::uint16_t label_to(const node_id& node) const { return core::label_of(relay->node().id(), node, {}); }
  wire::packet packet_to(const node_id& node) const {
    wire::packet p;
    p.source = evil->node();
    p.destination = node;
    p.labels = {label_to(node)};
    return p;
  }
  void send(frame_type type, const wire::packet& head, std::size_t size = 100) {
    bytes payload(size);
    w.random().fill(payload);
    evil->send_packet(w.now(), link, type, head, payload);
  }
  void expect_parted(wire::reason why = wire::reason::protocol) {
    EXPECT_TRUE(w.run(1s, [&] { return evil->end_of(link) != nullptr; }));
    if (const auto* end = evil->end_of(link)) {
      EXPECT_EQ(end->why, why);
    }
  }
  /// Only the hostile guest notices anything.
  void TearDown() override {
    EXPECT_TRUE(w.run(60s, [&] { return said.all_over(); }));
    expect_intact(*honest);
    EXPECT_EQ(foreign->packets + foreign->errors, 0u);
    EXPECT_EQ(other->packets + other->errors, 0u);
    for (const auto* h : {server, client}) {
      EXPECT_EQ(h->count<core::link_down>(), 0u) << h->name();
      EXPECT_EQ(h->count<core::path_lost>(), 0u) << h->name();
      EXPECT_EQ(h->count<core::path_changed>(), 0u) << h->name();
      EXPECT_EQ(h->count<core::session_over>(), 0u) << h->name();
    }
    for (const auto* c : {issuer, foreign, other}) EXPECT_TRUE(c->link_with(relay->node().id()));
    w.run(35s);
    EXPECT_EQ(relay->node().held_bytes(), 0u);
    expect_freed();
    scenario::TearDown();
  }
};

TEST_F(Guest, reaches_its_issuer_in_its_own_name) {
  for (const auto type : {frame_type::relay_data, frame_type::relay_control})
    send(type, packet_to(issuer->node()));
  w.run(100ms);
  EXPECT_EQ(issuer->packets, 2u);
  EXPECT_TRUE(evil->is_up(link));
}

/// No node does this by mistake, whether the packet is to be relayed or is for the relay itself.
TEST_F(Guest, that_speaks_in_another_name_or_from_a_later_hop_loses_its_link) {
  const auto to_issuer = packet_to(issuer->node());
  auto to_relay = packet_to(relay->node().id());
  to_relay.labels.clear();
  std::vector<wire::packet> all;
  for (const auto& head : {to_issuer, to_relay})
    for (const auto& source : {other->node(), client->node().id(), relay->node().id(), issuer->node(),
                               w.random().draw<node_id>()}) {
      all.push_back(head);
      all.back().source = source;
      all.push_back(all.back());
      all.back().labels.insert(all.back().labels.begin(), 1);
      all.back().hop = 1;
    }
  auto second_hop = to_issuer;
  second_hop.labels.insert(second_hop.labels.begin(), 1);
  second_hop.hop = 1;
  auto through_another = to_relay;
  through_another.labels = {1};
  through_another.hop = 1;
  auto farther_than_its_labels = to_issuer;
  farther_than_its_labels.hop = 1;
  for (const auto& head : {second_hop, through_another, farther_than_its_labels}) all.push_back(head);
  const frame_type types[] = {frame_type::relay_data, frame_type::relay_control, frame_type::path_error};
  for (std::size_t i = 0; i < all.size(); ++i) {
    SCOPED_TRACE(i);
    send(types[i % 3], all[i]);
    expect_parted();
    w.run(200ms);
    come_in();
  }
  EXPECT_EQ(issuer->packets + issuer->errors, 0u);
}

TEST_F(Guest, packets_to_another_node_reach_nobody) {
  const auto to_issuer = packet_to(issuer->node());
  auto nobody = packet_to(w.random().draw<node_id>());
  nobody.labels = to_issuer.labels;
  auto back_to_itself = to_issuer;
  back_to_itself.labels = {label_to(evil->node())};
  auto by_a_guest = to_issuer;
  by_a_guest.labels = {label_to(other->node())};
  auto by_a_guest_and_on = to_issuer;
  by_a_guest_and_on.labels = {label_to(other->node()), 7};
  for (const auto type : {frame_type::relay_data, frame_type::relay_control, frame_type::path_error})
    for (const auto& head :
         {nobody, back_to_itself, by_a_guest, by_a_guest_and_on, packet_to(foreign->node()),
          packet_to(other->node()), packet_to(client->node().id()), packet_to(server->node().id())})
      for (int i = 0; i < 50; ++i) send(type, head);
  w.run(1s);
  EXPECT_EQ(issuer->packets + issuer->errors, 0u);
  EXPECT_TRUE(evil->is_up(link)) << "outdated routes are no reason to close a link";
}

TEST_F(Guest, labels_that_do_not_exist_are_answered_100_times_a_second_at_most) {
  auto head = packet_to(issuer->node());
  for (std::uint16_t label = 1; label <= 2000; ++label) {
    if (label == head.labels[0]) continue;
    auto lost = head;
    lost.labels = {label};
    send(frame_type::relay_control, lost);
  }
  w.run(500ms);
  EXPECT_GE(evil->errors, 1u);
  EXPECT_LE(evil->errors, 200u) << "the time may extend over two of the limit's seconds";
  EXPECT_EQ(issuer->packets, 0u);
}

TEST_F(Guest, that_sends_more_than_its_credit_loses_its_link) {
  const auto head = packet_to(issuer->node());
  constexpr std::size_t size = 16 * 1024;
  for (std::size_t sent = 0; sent < 2 * mebibyte; sent += size) send(frame_type::relay_data, head, size);
  std::size_t most = 0;
  EXPECT_TRUE(w.run(2s, [&] {
    most = std::max(most, relay->node().held_bytes());
    return evil->end_of(link) != nullptr;
  }));
  expect_parted();
  // The issuer grants no credit: one window passed, another waits, beside what the honest pair has there.
  EXPECT_LE(issuer->packets * size, core::inflow_credit::first_window);
  EXPECT_LE(most, 16 * core::inflow_credit::first_window);
  // What waited is still sent to the issuer once it grants credit.
  const auto flow = wire::flow{head.source, head.destination, head.generation};
  issuer->send(*issuer->link_with(relay->node().id()), frame_type::hop_credit,
               wire::hop_credit{flow, mebibyte}.encode());
}

TEST_F(Guest, that_speaks_of_records_loses_its_link) {
  evil->send(link, frame_type::have, wire::have{{{{evil->node(), wire::record_part::links}, 1}}}.encode());
  expect_parted();
  come_in();
  evil->send(link, frame_type::record, wire::record_frame{60, bytes(200)}.encode());
  expect_parted();
}

TEST_F(Guest, that_tells_two_labels_loses_its_link) {
  evil->send(link, frame_type::label, wire::label{77}.encode());
  expect_parted();
}

TEST_F(Guest, cannot_end_or_feed_or_stop_the_flows_of_others) {
  const auto a = client->node().id(), b = server->node().id();
  for (std::uint16_t generation = 0; generation < 50; ++generation)
    for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
      const wire::flow flow{from, to, generation};
      evil->send(link, frame_type::flow_close, wire::flow_close{flow}.encode());
      evil->send(link, frame_type::flow_reset, wire::flow_reset{flow, wire::reason::none}.encode());
      evil->send(link, frame_type::hop_credit, wire::hop_credit{flow, UINT64_MAX}.encode());
      evil->send(link, frame_type::hop_credit, wire::hop_credit{flow, 0}.encode());
    }
  w.run(200ms);
  EXPECT_TRUE(evil->is_up(link)) << "these flows may just have ended";
  EXPECT_EQ(relay->node().flows(), 2u);
}

TEST_F(Guest, floods_of_path_errors_move_nobody) {
  for (int i = 0; i < 5000; ++i) {
    wire::path_error error;
    error.destination = i % 2 ? server->node().id() : issuer->node();
    error.number = static_cast<std::uint64_t>(i / 2);
    auto head = packet_to(i % 3 ? client->node().id() : server->node().id());
    if (i % 5 == 0) head = packet_to(relay->node().id());
    if (i % 5 == 0) head.labels.clear();
    evil->send_packet(w.now(), link, frame_type::path_error, head, error.encode());
    if (i % 100 == 0) w.run(1ms);
  }
  w.run(200ms);
  EXPECT_EQ(issuer->errors, 0u);
}

}  // namespace
}  // namespace gof::test
