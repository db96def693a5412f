// A holder of a ticket or join ticket that claims to be another, on real sockets. Ends with its input:
//
//   impostor spoof TICKET HOST:PORT COUNT MS
//       as a guest, begins COUNT sessions every MS milliseconds with the node there, each in the name of a
//       different node
//   impostor spoof JOIN-TICKET HOST:PORT COUNT MS NODE
//       the same as a member, with NODE, through the node there
//   impostor name TICKET|JOIN-TICKET HOST:PORT HEX
//       calls itself by these bytes, in a session with the node there, and as a member also in its profile
#include "actor_shell.hpp"
#include "mesh/label.hpp"
#include "must.hpp"
#include "net/clock.hpp"
#include "net/system_random.hpp"
#include "secure/crypto_mac.hpp"
#include "secure/signature.hpp"
#include "session/session.hpp"
#include "support/hex.hpp"
#include "support/speaker.hpp"
#include "wire/any_ticket.hpp"
#include "wire/link_control.hpp"
#include "wire/record.hpp"
#include "wire/record_frame.hpp"
#include "wire/record_profile.hpp"

#include <cstdlib>
#include <iostream>

namespace gof::test {
namespace {

using wire::frame_type;

/// The content of a ticket of either kind.
struct papers {
  secure::secret32 key;  ///< the network's, or the ticket's link key
  core::link_credentials link;
  core::session_credentials session;
  peer_id issuer;

  explicit papers(const std::string& text) {
    const auto any = must(wire::parse_any_ticket(text));
    if (const auto* join = std::get_if<wire::join_ticket>(&any)) {
      key = secure::secret32(join->network_key);
      link = {key, wire::link_role::member, {}, {}};
      issuer = join->issuer;
    } else {
      const auto& t = std::get<wire::ticket>(any);
      key = secure::secret32(t.link_key);
      link = {key, wire::link_role::guest, t.issuer, t.grant};
      session.kind = wire::crypto::key_kind::guest;
      session.grant = t.grant;
      issuer = t.issuer;
    }
    session.crypto_key = secure::link_secrets(key).crypto;
  }
  bool is_member() const { return link.role == wire::link_role::member; }
};

class impostor final : public speaker {
 public:
  impostor(const papers& with, random_source& random) : speaker(with.key, random), with_(with) {}

  node_id neighbour;
  std::size_t begun = 0, answered = 0;
  bool known = false;  ///< the node there answered the HELLO

  void begin(instant now, link_id link, const std::optional<node_id>& at) {
    wire::packet head;
    head.source = random().draw<node_id>();
    head.destination = at.value_or(neighbour);
    const bool relayed = head.destination != neighbour;
    head.labels = {relayed ? core::label_of(neighbour, head.destination, {}) : std::uint16_t{1}};
    head.hop = relayed ? 0 : 1;  // or it seems to have come through a relay
    head.is_crypto = true;
    wire::crypto message;
    message.attempt = random().draw<wire::crypto::attempt_id>();
    message.key = with_.session.kind;
    message.grant = with_.session.grant;
    message.piece = {0x16};  // the first byte of a TLS handshake
    secure::sign(with_.session.crypto_key, message, frame_type::relay_control, head.source, head.destination);
    send_packet(now, link, frame_type::relay_control, head, message.encode());
    ++begun;
  }
  /// Begins a session under this name; step() drives it.
  void call(instant now, const std::string& name) {
    const core::session::config how{self(), instance(), node(), neighbour, name, 24h};
    session_.emplace(how, random());
    session_->connect(now, with_.issuer, with_.session);
  }
  void step(instant now, link_id link) {
    session_->handle_timeout(now);
    while (const auto e = session_->poll_event())
      known = known || std::holds_alternative<core::session::greeted>(*e);
    while (const auto p = session_->poll_control(now)) {
      bytes out(p->clear ? 0 : 1 + p->body.size() + secure::tag_size);
      if (!p->clear) session_->seal(p->head, frame_type::relay_control, p->kind, p->body, out);
      send_packet(now, link, frame_type::relay_control, p->head, p->clear ? p->body : out);
    }
  }
  void publish(link_id link, const std::string& name) {
    wire::record_profile says;
    says.name = name;
    wire::record made;
    made.part = wire::record_part::profile;
    made.peer = self().id();
    made.instance = instance();
    made.seq = 1;
    made.lifetime = 600;
    made.body = says.encode();
    made.signature = secure::sign(self(), wire::record::signature_label, made.signed_part());
    send(link, frame_type::record, wire::record_frame{600, made.encode()}.encode());
  }

 private:
  papers with_;
  std::optional<core::session> session_;

  void handle_up(instant, link_id link, const core::link::up& up) override {
    neighbour = up.node;
    send(link, frame_type::label, wire::label{core::label_of(node(), up.node, {})}.encode());
  }
  void handle_received(instant now, link_id, core::link::received& what) override {
    ++answered;
    if (!session_) return;
    if (!what.head.is_crypto) {
      session_->handle_packet(now, what.type, what.head, what.payload);
    } else if (const auto message = wire::crypto::decode(what.payload)) {
      session_->handle_crypto(now, *message, with_.session);
    }
  }
};

/// Waits until a link is up. False: the input has ended.
bool come_in(impostor& who, actor_shell& shell, const papers& with, const wire::address& to, link_id& link) {
  while (!shell.input_ended()) {
    link = who.dial(to, with.link);
    shell.run(5s, [&] { return who.is_up(link) || who.end_of(link) != nullptr || shell.input_ended(); });
    if (who.is_up(link)) return true;
    shell.run(200ms, [&] { return shell.input_ended(); });
  }
  return false;
}

int spoof(const papers& with, const wire::address& to, std::size_t count, duration every,
          const std::optional<node_id>& at) {
  net::system_random random;
  impostor who(with, random);
  actor_shell shell(who);
  link_id link{};
  std::size_t closed = 0;
  while (come_in(who, shell, with, to, link)) {
    if (closed == 0) std::cout << "floods" << std::endl;
    while (who.is_up(link) && !shell.input_ended()) {
      for (std::size_t i = 0; i < count; ++i) who.begin(net::clock_now(), link, at);
      shell.run(every, [&] { return !who.is_up(link) || shell.input_ended(); });
    }
    closed += !who.is_up(link);
  }
  std::cout << "begun " << who.begun << " answered " << who.answered << " closed " << closed << std::endl;
  return 0;
}

int name(const papers& with, const wire::address& to, const std::string& called) {
  net::system_random random;
  impostor who(with, random);
  actor_shell shell(who);
  link_id link{};
  if (!come_in(who, shell, with, to, link)) return 1;
  who.call(net::clock_now(), called);
  if (with.is_member()) who.publish(link, called);
  for (bool told = false; !shell.input_ended() && who.is_up(link);) {
    who.step(net::clock_now(), link);
    if (who.known && !std::exchange(told, true)) std::cout << "known" << std::endl;
    shell.run(20ms, [&] { return shell.input_ended(); });
  }
  return shell.input_ended() ? 0 : 1;
}

}  // namespace
}  // namespace gof::test

int main(int count, char** words) {
  using namespace gof;
  const std::vector<std::string> all(words + 1, words + count);
  if (all.size() < 4) return 2;
  const test::papers with(all[1]);
  const auto to = test::must(wire::address::parse(all[2]));
  if (all[0] == "name") {
    const auto called = hex(all[3]);
    return test::name(with, to, std::string(as_text(called)));
  }
  if (all[0] != "spoof" || all.size() < 5) return 2;
  std::optional<node_id> at;
  if (all.size() > 5) at = node_id(hex(all[5]));
  return test::spoof(with, to, std::stoul(all[3]), std::chrono::milliseconds(std::stoul(all[4])), at);
}
