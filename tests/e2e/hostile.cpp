// A hostile party that got in, on real sockets:
//
//   hostile member JOIN-TICKET HOST:PORT FROM...
//       sends each frame type cut, extended and with false lengths, each over a link of its own
//   hostile guest TICKET HOST:PORT NODE...
//       asks for all that a guest may not have, also from these nodes
//   hostile relay JOIN-TICKET HOST:PORT SEED
//       relays there; a line "alter_payload 5 repeat 10" on its input applies from then on
#include "actor_shell.hpp"
#include "mesh/label.hpp"
#include "must.hpp"
#include "net/clock.hpp"
#include "net/system_random.hpp"
#include "support/bad_frames.hpp"
#include "support/hex.hpp"
#include "support/tampering_relay.hpp"
#include "wire/any_ticket.hpp"
#include "wire/flow.hpp"
#include "wire/have.hpp"
#include "wire/link_control.hpp"
#include "wire/record_frame.hpp"
#include "wire/want.hpp"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>

namespace gof::test {
namespace {

using wire::frame_type;

/// Sends its label, so that it counts as a neighbour, and counts what arrives.
class insider final : public speaker {
 public:
  using speaker::speaker;
  std::size_t packets = 0;
  std::size_t errors = 0;
  std::size_t records = 0;
  std::uint16_t their_label = 0;
  node_id neighbour;

 private:
  void handle_up(instant, link_id link, const core::link::up& up) override {
    neighbour = up.node;
    send(link, frame_type::label, wire::label{core::label_of(node(), up.node, {})}.encode());
  }
  void handle_notice(instant, link_id, const core::link::notice& what) override {
    if (what.type == frame_type::label) their_label = wire::label::decode(what.body)->number;
    records += what.type == frame_type::record;
  }
  void handle_received(instant, link_id, core::link::received& what) override {
    ++(what.type == frame_type::path_error ? errors : packets);
  }
};

/// What both do: get in, send one thing, and see what happens to the link.
class visit {
 public:
  visit(insider& who, core::link_credentials with, wire::address to)
      : who_(who), shell_(who), with_(std::move(with)), to_(std::move(to)) {}

  insider& who() { return who_; }
  actor_shell& shell() { return shell_; }
  link_id link() const { return link_; }

  void come_in() {
    if (who_.is_up(link_)) return;
    for (int tries = 0; tries < 20; ++tries) {
      who_.their_label = 0;
      link_ = who_.dial(to_, with_);
      const auto over = [&] { return who_.their_label != 0 || who_.end_of(link_) != nullptr; };
      if (shell_.run(5s, over) && who_.is_up(link_)) return;
      shell_.run(200ms, [] { return false; });  // "busy": only so many links a second are accepted
    }
    std::cerr << "not let in\n";
    std::exit(1);
  }
  /// It was read: what was sent before it closes the link first, or not at all.
  void judge(fate expected, const std::string& what, bool told = true) {
    ++tried_;
    const auto heard = who_.bytes_heard();
    if (expected != fate::closes) who_.send(link_, frame_type::ping, wire::ping{9}.encode());
    shell_.run(expected == fate::closes ? 5s : 2s, [&] {
      return who_.end_of(link_) != nullptr || (expected != fate::closes && who_.bytes_heard() > heard);
    });
    if (expected != fate::closes) shell_.run(5ms, [&] { return who_.end_of(link_) != nullptr; });
    const auto* end = who_.end_of(link_);
    closed_ += end != nullptr;
    const bool wrong = (expected == fate::stands && end != nullptr) ||
                       (expected == fate::closes && end == nullptr) || (end != nullptr && told && !end->told);
    if (!wrong) return;
    ++wrong_;
    std::cout << "wrong: " << what << (end == nullptr ? " stands" : " closed, " + end->detail) << std::endl;
  }
  int tell() const {
    std::cout << "tried " << tried_ << " closed " << closed_ << " wrong " << wrong_ << std::endl;
    return wrong_ == 0 ? 0 : 1;
  }

 private:
  insider& who_;
  actor_shell shell_;
  core::link_credentials with_;
  wire::address to_;
  link_id link_{};
  std::size_t tried_ = 0, closed_ = 0, wrong_ = 0;
};

int member(const wire::join_ticket& ticket, const wire::address& to, std::vector<std::string> sources) {
  net::system_random random;
  insider who(secure::secret32(ticket.network_key), random);
  visit at(who, who.as_member(), to);
  at.shell().dial_from(std::move(sources));
  const auto try_frame = [&](frame_type type, const_bytes header, fate expected, const std::string& what) {
    at.come_in();
    who.send(at.link(), type, header);
    at.judge(expected, what, type != frame_type::bye);
  };
  for (const auto& s : frame_samples(who.node(), random.draw<node_id>())) {
    try_frame(s.type, s.header, s.whole, s.name);
    for (std::size_t size = 0; size < s.header.size(); size += 1 + size / 8)
      try_frame(s.type, const_bytes(s.header).first(size), s.cut_to(size),
                s.name + (" cut to " + std::to_string(size)));
    auto longer = s.header;
    longer.resize(longer.size() + 3, 0xff);
    try_frame(s.type, longer, s.grown(), s.name + std::string(" grown"));
  }
  for (const unsigned type : {0x7fu, 0x80u, 0xffu})
    try_frame(static_cast<frame_type>(type), bytes(20, 0xee), type < 0x80 ? fate::stands : fate::closes,
              "type " + std::to_string(type));
  for (const auto& lie : lying_frames()) {
    at.come_in();
    who.send_raw(at.link(), lie);
    at.judge(fate::closes, "a lie");
  }
  return at.tell();
}

int guest(const wire::ticket& ticket, const wire::address& to, const std::vector<node_id>& others) {
  net::system_random random;
  insider who(secure::secret32(std::array<std::uint8_t, 32>{}), random);
  visit at(who, {secure::secret32(ticket.link_key), wire::link_role::guest, ticket.issuer, ticket.grant}, to);
  // Packets for others than the issuer: with their labels and with any, in its own name and in theirs.
  for (const auto& other : others)
    for (const auto type : {frame_type::relay_data, frame_type::relay_control, frame_type::path_error})
      for (const auto& source : {who.node(), other}) {
        at.come_in();
        const auto way = core::label_of(who.neighbour, other, {});
        for (unsigned i = 0; i < 2000; ++i) {
          wire::packet head;
          head.source = source;
          head.destination = other;
          head.labels = {i % 2 ? way : static_cast<std::uint16_t>(way + i)};
          who.send_packet(net::clock_now(), at.link(), type, head, bytes(100, 1));
        }
        const bool own = source == who.node();
        at.judge(own ? fate::stands : fate::closes, own ? "packets to another" : "packets of another", own);
      }
  // Frames that only members send.
  const wire::record_name name{who.node(), wire::record_part::links};
  const std::pair<frame_type, bytes> words[]{
      {frame_type::have, wire::have{{{name, 1}}}.encode()},
      {frame_type::record, wire::record_frame{60, bytes(200, 1)}.encode()},
      {frame_type::neighbours, bytes(3, 0)},
      {frame_type::label, wire::label{5}.encode()},
      {frame_type::grant, wire::grant_frame{ticket.issuer, random.draw<grant_id>(), {}}.encode()},
  };
  for (const auto& [type, body] : words) {
    at.come_in();
    who.send(at.link(), type, body);
    at.judge(fate::closes, "type " + std::to_string(static_cast<int>(type)));
  }
  // It may ask, but gets no other record: only where members can be reached.
  at.come_in();
  at.judge(fate::stands, "all that it is told");
  const auto told = who.records;
  std::vector<wire::record_name> names;
  for (const auto& other : others) names.push_back({other, wire::record_part::profile});
  who.send(at.link(), frame_type::want, wire::want{names}.encode());
  at.judge(fate::stands, "asks for records");
  std::cout << "came back: packets " << who.packets << " records " << who.records - told << std::endl;
  return at.tell();
}

tampering_relay::manners manners_of(const std::string& line) {
  tampering_relay::manners how;
  const std::pair<const char*, unsigned*> known[]{{"alter_payload", &how.alter_payload},
                                                  {"alter_header", &how.alter_header},
                                                  {"repeat", &how.repeat},
                                                  {"delay", &how.delay},
                                                  {"cut", &how.cut},
                                                  {"drop", &how.drop}};
  std::istringstream in(line);
  std::string word;
  for (unsigned percent = 0; in >> word >> percent;)
    for (const auto& [name, to] : known)
      if (word == name) *to = percent;
  return how;
}

int relay(const wire::join_ticket& ticket, const wire::address& at, std::uint64_t seed) {
  net::system_random random;
  tampering_relay evil(secure::secret32(ticket.network_key), random, seed);
  actor_shell shell(evil);
  shell.listen(at);
  std::cout << wire::join_ticket{evil.self().id(), ticket.network_key, {at}}.text() << std::endl;
  const auto tell = [&] {
    std::cout << "tampered " << evil.tampered() << " of " << evil.passed() << std::endl;
  };
  shell.heard = [&](const std::string& line) {
    evil.behave(manners_of(line));
    tell();
  };
  shell.run(24h, [&] { return shell.input_ended(); });
  tell();
  return 0;
}

}  // namespace
}  // namespace gof::test

int main(int count, char** words) {
  using namespace gof;
  const std::vector<std::string> all(words + 1, words + count);
  if (all.size() < 3) return 2;
  const auto to = test::must(wire::address::parse(all[2]));
  const std::vector<std::string> rest(all.begin() + 3, all.end());
  if (all[0] == "member") return test::member(test::must(wire::join_ticket::parse(all[1])), to, rest);
  if (all[0] == "relay" && rest.size() == 1)
    return test::relay(test::must(wire::join_ticket::parse(all[1])), to, std::stoull(rest[0]));
  if (all[0] != "guest") return 2;
  std::vector<node_id> nodes;
  for (const auto& one : rest) nodes.emplace_back(hex(one));
  return test::guest(test::must(wire::ticket::parse(all[1])), to, nodes);
}
