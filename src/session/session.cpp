#include "session/session.hpp"

#include "secure/derive.hpp"

#include <cassert>

namespace gof::core {
namespace {

using secure::side;
using wire::reason;
using wire::session_frame;

/// Both ends derive the same port. Its value only spreads associations over usrsctp's hash buckets.
std::uint16_t port_of(const secure::session_keys& keys) {
  return static_cast<std::uint16_t>(1024 + ((keys.port_bits[0] << 8 | keys.port_bits[1]) & 0x3fff));
}

}  // namespace

session::session(const config& how, random_source& random)
    : config_(how), random_(random), keys_(config_.self, random) {}

// ---- handshakes

void session::connect(instant now, const peer_id& expected, const session_credentials& with) {
  is_client_ = true;
  expected_ = expected;
  credentials_ = with;
  id_ = random_.draw<session_id>();
  keys_.begin(now, with);
}

void session::handle_crypto(instant now, const wire::crypto& message, const session_credentials& with) {
  if (over_) return;
  if (keys_.handle_crypto(now, message, with)) hello_at_.reset();
  check_attempt(now);
}

void session::check_attempt(instant now) {
  if (const auto* why = keys_.failure()) {  // also after our `done`: the server judges our certificate
    const auto words = *why;
    drop_attempt();
    if (!is_confirmed()) end(reason::protocol, "the handshake failed: " + words);
    return;
  }
  const auto* agreed = keys_.agreed();
  if (agreed == nullptr) return;
  const auto& pinned = established_ ? peer_ : expected_;
  if (!pinned || agreed->peer == *pinned) return adopt_keys(now);
  keys_.drop_attempt();
  if (!established_) end(reason::identity, "another key answered than the one asked for");
}

void session::drop_attempt() {
  keys_.drop_attempt();
  hello_at_.reset();
}

void session::adopt_keys(instant now) {
  const auto& next = keys_.adopt();
  if (next.role() == side::server) return;  // its HELLO follows the client's, which names the session
  hello_wait_ = hello_repeat;
  hello_at_ = now + hello_wait_;
  if (!established_) establish(now, next);  // first, as the HELLO needs its proof key
  queue_hello();
}

void session::establish(instant now, const keyset& with) {
  established_ = true;
  is_client_ = with.role() == side::client;
  peer_ = with.keys().peer;
  proof_key_ = with.keys().proof;
  proofs_.emplace(proof_key_);
  watch_.start(now, config_.survive);
  events_.push_back(established{*peer_, name_, is_client_, port_of(with.keys())});
}

// ---- hellos

void session::queue_hello() {
  wire::session_hello mine;
  mine.instance = config_.instance;
  mine.session = id_;
  mine.survive_ms = static_cast<std::uint32_t>(std::min<std::int64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(config_.survive).count(), UINT32_MAX));
  mine.name = config_.name;
  mine.host_proof = secure::host_proof(proof_key_, is_client_ ? side::client : side::server, config_.host);
  queue(keys_.newest(), session_frame::hello, mine.encode());
}

void session::handle_hello(instant now, keyset& under, const_bytes body) {
  const auto heard = wire::session_hello::decode(body);
  if (!heard || secure::node_of(under.keys().peer, heard->instance) != config_.other) {
    if (keys_.is_next(under)) keys_.drop_attempt();
    if (!established_ || !is_confirmed())
      end(reason::identity, "the node that answered is not the one its packets name");
    return;
  }
  if (under.role() == side::client)
    handle_server_hello(now, under, *heard);
  else
    handle_client_hello(now, under, *heard);
}

void session::handle_client_hello(instant now, keyset& under, const wire::session_hello& heard) {
  const bool fresh = keys_.is_next(under);
  if (established_ && heard.session != id_) {
    if (!fresh) return;
    established_ = false;
    keys_.drop_current();
    watch_ = {};
    controls_.clear();
    events_.push_back(over{reason::superseded, true, "the other node began a new session"});
  }
  id_ = heard.session;
  name_ = heard.name;
  if (!established_) establish(now, under);
  check_host(heard);
  watch_.shorten_survive(std::chrono::milliseconds(heard.survive_ms));
  if (fresh) keys_.promote(now);
  queue_hello();
}

void session::handle_server_hello(instant now, keyset& under, const wire::session_hello& heard) {
  if (heard.session != id_) return;
  name_ = heard.name;
  check_host(heard);
  watch_.shorten_survive(std::chrono::milliseconds(heard.survive_ms));
  if (!keys_.is_next(under)) return;
  hello_at_.reset();
  const bool first = !is_confirmed();
  keys_.promote(now);
  if (first) events_.push_back(greeted{});
}

/// The proof names the other side's role, so our own proof, sent back, proves nothing.
void session::check_host(const wire::session_hello& heard) {
  const auto expected =
      secure::host_proof(proof_key_, is_client_ ? side::server : side::client, config_.host);
  same_host_ = !config_.host.is_zero() && secure::same(expected, heard.host_proof);
}

// ---- packets

session::opened session::handle_packet(instant now, wire::frame_type type, const wire::packet& head,
                                       mutable_bytes sealed) {
  if (over_) return {};
  auto* under = keys_.open(head, type, sealed);
  if (under == nullptr) return {};
  const bool newest = under->newest() == head.number;
  const auto plain = sealed.first(sealed.size() - secure::tag_size);
  return {newest, handle_frame(now, *under, static_cast<session_frame>(plain[0]), plain.subspan(1))};
}

/// Returns an SCTP packet; handles all else itself.
std::optional<const_bytes> session::handle_frame(instant now, keyset& under, session_frame kind,
                                                 const_bytes body) {
  if (kind == session_frame::hello) {
    handle_hello(now, under, body);
    return std::nullopt;
  }
  // Until the HELLO arrives the server does not know which session this is.
  if (!established_ || (under.role() == side::server && keys_.is_next(under))) return std::nullopt;
  watch_.handle_packet(now);
  if (kind == session_frame::sctp) return body;
  if (kind == session_frame::probe) handle_probe(body);
  if (kind == session_frame::probe_reply) handle_probe_reply(now, body);
  if (kind == session_frame::close) {
    const auto c = wire::session_close::decode(body);
    end(c ? c->why : reason::protocol, "closed by the other side");
  }
  return std::nullopt;  // ignores kinds of later versions
}

void session::handle_probe(const_bytes body) {
  if (unanswered_ > 0) {
    --unanswered_;
    return;
  }
  if (const auto p = wire::session_probe::decode(body))
    if (auto* keys = keys_.sending()) queue(*keys, session_frame::probe_reply, p->encode());
}

void session::handle_probe_reply(instant now, const_bytes body) {
  const auto p = wire::session_probe::decode(body);
  if (!p) return;
  watch_.handle_reply(now, p->number);
  if (const auto answer = watch_.poll_answer()) events_.push_back(answered{*answer});
  doubt_told_ = false;
  watch_path(now);
}

wire::packet session::head_under(keyset& keys) const {
  wire::packet head;
  head.source = config_.node;
  head.destination = config_.other;
  head.phase = keys.phase();
  head.number = keys.take_number();
  return head;
}

void session::queue(keyset& under, session_frame kind, bytes body) {
  if (controls_.size() >= most_controls) return;
  controls_.push_back({head_under(under), false, kind, std::move(body)});
}

std::optional<session::control> session::poll_control(instant now) {
  if (!over_) {
    if (const auto message = keys_.poll_crypto(now, config_.node, config_.other)) {
      control c;
      c.head.source = config_.node;
      c.head.destination = config_.other;
      c.head.is_crypto = true;
      c.clear = true;
      c.body = message->encode();
      return c;
    }
  }
  if (controls_.empty()) return std::nullopt;
  auto c = std::move(controls_.front());
  controls_.pop_front();
  return c;
}

wire::packet session::next_head() {
  auto* keys = keys_.sending();
  assert(keys != nullptr);
  if (is_client_) keys_.renew_if_worn();
  return head_under(*keys);
}

void session::seal(const wire::packet& head, wire::frame_type type, session_frame kind, const_bytes body,
                   mutable_bytes out) {
  keys_.seal(head, type, static_cast<std::uint8_t>(kind), body, out);
}

// ---- time

void session::handle_path(instant now, bool there) {
  watch_.handle_path(now, there);
  watch_path(now);
}

void session::handle_starvation() {
  if (credentials_)
    events_.push_back(doubtful{});
  else
    unanswered_ = starved_silence;
}

void session::handle_switch(instant now) {
  watch_.handle_switch(now);
  doubt_told_ = false;
}

void session::watch_path(instant now) {
  if (const auto l = watch_.poll_lost(now)) events_.push_back(lost{l->left});
  if (const auto r = watch_.poll_resumed(now)) events_.push_back(resumed{r->stall});
  if (watch_.doubtful() && !doubt_told_) {
    doubt_told_ = true;
    events_.push_back(doubtful{});
  }
}

void session::handle_timeout(instant now) {
  if (over_) return;
  keys_.handle_timeout(now);
  if (keys_.drop_expired(now)) {
    hello_at_.reset();
    if (!is_confirmed()) return end(reason::none, "no answer in 10 s");
  }
  if (hello_at_ && now >= *hello_at_) {
    queue_hello();
    hello_wait_ *= 2;
    hello_at_ = now + hello_wait_;
  }
  if (const auto at = keys_.renewal(); is_client_ && at && now >= *at) keys_.begin(now, *credentials_);
  if (keys_.is_worn_out()) return end(reason::protocol, "no new keys were agreed on");
  if (!established_) return;
  if (const auto number = watch_.poll_probe(now))
    if (auto* keys = keys_.sending())
      queue(*keys, session_frame::probe, wire::session_probe{*number}.encode());
  watch_path(now);
  if (watch_.expired(now)) end(reason::survived_out, "no path for too long");
}

std::optional<instant> session::poll_timeout() const {
  if (over_) return std::nullopt;
  std::optional<instant> due;
  const auto sooner = [&due](std::optional<instant> t) {
    if (t && (!due || *t < *due)) due = t;
  };
  sooner(keys_.poll_timeout());
  sooner(hello_at_);
  if (is_client_) sooner(keys_.renewal());
  if (established_) sooner(watch_.poll_timeout());
  return due;
}

void session::close(reason why) {
  if (over_) return;
  if (auto* keys = keys_.sending()) queue(*keys, session_frame::close, wire::session_close{why}.encode());
  over_ = true;
}

void session::end(reason why, std::string detail) {
  if (over_) return;
  over_ = true;
  events_.push_back(over{why, false, std::move(detail)});
}

}  // namespace gof::core
