#include "link/opening.hpp"

#include "wire/link_control.hpp"
#include "wire/refused.hpp"

#include <algorithm>
#include <array>

namespace gof::core {
namespace {

using wire::frame_type;
using wire::reason;

std::string in_seconds(duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

secure::mac16 hello_mac(const secure::link_secrets& secrets, const wire::greeting& greeting,
                        const wire::hello& hello) {
  const auto heard = greeting.encode();
  const auto body = hello.encode_body();
  return secure::hmac16(secrets.hello, {as_bytes("gof hello"), heard, body});
}

secure::mac16 refused_mac(const secure::link_secrets& secrets, const wire::greeting& greeting,
                          const_bytes hello, const_bytes number) {
  const auto heard = greeting.encode();
  return secure::hmac16(secrets.hello, {as_bytes("gof refused"), heard, hello, number});
}

/// Both ends derive the same id for the link's first handshake.
handshake::attempt_id first_attempt(const wire::greeting& greeting, const_bytes hello) {
  const auto heard = greeting.encode();
  return handshake::attempt_id(secure::sha256({heard, hello}));
}

}  // namespace

secure::mac16 proof_mac(const secure::link_secrets& secrets, const secure::secret32& proof_key,
                        secure::side of) {
  const std::array<std::uint8_t, 1> role{static_cast<std::uint8_t>(of)};
  return secure::hmac16(secrets.proof, {proof_key.view(), role});
}

opening::opening(instant now, const secure::identity& self, const instance_id& instance,
                 const link_credentials& with)
    : self_(self),
      instance_(instance),
      role_(secure::side::client),
      credentials_(with),
      stage_(stage::greeting),
      deadline_(now + handshake_time) {
  secrets_.emplace(with.key);
}

opening::opening(instant now, const secure::identity& self, const instance_id& instance,
                 const secure::secret32& network_key, random_source& random)
    : self_(self),
      instance_(instance),
      role_(secure::side::server),
      network_key_(network_key),
      stage_(stage::hello),
      deadline_(now + hello_time) {
  greeting_.nonce = random.draw<wire::greeting::nonce_type>();
  out_ = buffer(greeting_.encode());
}

void opening::handle_closed(const std::string& words) {
  // A reset says nothing about the key: a listener that is short of room resets sockets unread.
  const bool silent =
      words.empty() && role_ == secure::side::client && stage_ == stage::handshake && !answered_;
  if (silent)
    fail(reason::not_allowed, "closed without a word: the ticket or network key is not for its mesh");
  else
    fail(reason::none, words.empty() ? "closed by the other side" : words);
  failure_->stranger = stage_ == stage::hello;
}

void opening::handle_timeout(instant now) {
  if (now < deadline_) return;
  const bool stranger = stage_ == stage::hello;
  fail(reason::none,
       stranger ? "no hello in " + in_seconds(hello_time) : "no answer in " + in_seconds(handshake_time));
  failure_->stranger = stranger;
}

void opening::close(reason why) {
  if (sealer_) sealer_->append(out_, static_cast<std::uint8_t>(frame_type::bye), wire::bye{why}.encode(), 0);
}

std::optional<opened_link> opening::poll_opened() {
  if (stage_ != stage::up) return std::nullopt;
  const auto& keys = handshake_->keys();
  opened_link made{keys.peer,           node_,
                   *credentials_,       network_key_,
                   keys.proof,          std::move(*handshake_),
                   std::move(*sealer_), std::move(*opener_)};
  made.handshake.finish();
  return made;
}

std::optional<opening::claim> opening::claimed(frame_reader& from) const {
  if (stage_ != stage::hello) return std::nullopt;
  const auto size = wire::hello::size_of(from.peek(2));
  if (!size) return std::nullopt;
  const auto heard = wire::hello::decode(from.peek(*size));
  if (!heard || heard->role != wire::link_role::guest) return std::nullopt;
  return claim{heard->issuer, heard->grant};
}

// ---- reading

void opening::read(instant now, frame_reader& from) {
  while (read_next(now, from)) {
  }
}

bool opening::read_next(instant now, frame_reader& from) {
  switch (stage_) {
    case stage::greeting: return read_greeting(now, from);
    case stage::hello: return read_hello(now, from);
    case stage::up: return false;
    default: return read_frame(now, from);
  }
}

bool opening::read_greeting(instant now, frame_reader& from) {
  const auto raw = from.take(wire::greeting::size);
  if (raw.empty()) return false;
  const auto heard = wire::greeting::decode(raw);
  if (!heard) return fail(reason::protocol, "what answers there is not gof");
  if (heard->lowest > wire::highest_version || heard->highest < wire::lowest_version)
    return fail(reason::version, "it speaks versions " + std::to_string(heard->lowest) + " to " +
                                     std::to_string(heard->highest) + ", this gof speaks " +
                                     std::to_string(wire::highest_version));
  greeting_ = *heard;
  wire::hello h;
  h.version = std::min(heard->highest, wire::highest_version);
  h.role = credentials_->role;
  h.issuer = credentials_->issuer;
  h.grant = credentials_->grant;
  h.mac = hello_mac(*secrets_, greeting_, h);
  hello_ = h.encode();
  append(out_, hello_);
  start_handshake(now);
  return true;
}

bool opening::read_hello(instant now, frame_reader& from) {
  const auto stranger = [this](const char* what) {
    fail(reason::protocol, what);
    failure_->stranger = true;
    out_ = {};
    return false;
  };
  const auto first = from.peek(2);
  if (first.empty()) return false;
  const auto size = wire::hello::size_of(first);
  if (!size) return stranger("not gof");
  const auto raw = from.take(*size);
  if (raw.empty()) return false;
  const auto heard = wire::hello::decode(raw);
  if (!heard) return stranger("not gof");
  hello_.assign(raw.begin(), raw.end());
  link_credentials shown{*network_key_, heard->role, heard->issuer, heard->grant};
  if (heard->role != wire::link_role::member)
    shown.key = secure::guest_link_key(*network_key_, heard->issuer, heard->grant);
  secrets_.emplace(shown.key);
  if (!secure::same(hello_mac(*secrets_, greeting_, *heard), heard->mac))
    return stranger("a hello with a wrong key");
  credentials_ = shown;
  auto why = refuse_;
  if (heard->version < wire::lowest_version || heard->version > wire::highest_version) why = reason::version;
  if (why == reason::none) {
    start_handshake(now);
    return true;
  }
  const std::array<std::uint8_t, 1> number{static_cast<std::uint8_t>(why)};
  append_clear_frame(out_, frame_type::refused,
                     wire::refused{why, refused_mac(*secrets_, greeting_, hello_, number)}.encode());
  return fail(why, "refused");
}

bool opening::read_frame(instant now, frame_reader& from) {
  const auto f = from.take_frame();
  if (!f) return from.is_broken() && fail(reason::protocol, "a frame whose lengths do not fit");
  answered_ = true;
  if (f->type == static_cast<std::uint8_t>(frame_type::crypto)) return handle_crypto(now, f->payload);
  if (f->type == static_cast<std::uint8_t>(frame_type::refused)) return handle_refused(f->payload);
  if (!opener_) return fail(reason::protocol, "a sealed frame before there are keys");
  if (!opener_->open(f->prefix, f->header)) return fail(reason::protocol, "a frame that is not authentic");
  return handle_sealed(f->type, f->opened_header());
}

bool opening::handle_sealed(std::uint8_t type, const_bytes header) {
  if (type == static_cast<std::uint8_t>(frame_type::proof)) return handle_proof(header);
  if (type != static_cast<std::uint8_t>(frame_type::bye))
    return fail(reason::protocol, "a frame before the proof");
  const auto bye = wire::bye::decode(header);
  fail(bye ? bye->why : reason::protocol, "closed by the other side");
  failure_->told = true;
  return false;
}

bool opening::handle_refused(const_bytes payload) {
  const auto message = wire::refused::decode(payload);
  if (role_ != secure::side::client || stage_ != stage::handshake || !message ||
      !secure::same(refused_mac(*secrets_, greeting_, hello_, payload.first(1)), message->mac))
    return fail(reason::protocol, "a malformed refusal");
  fail(message->why, "refused");
  failure_->told = true;
  return false;
}

// ---- handshake

void opening::start_handshake(instant now) {
  stage_ = stage::handshake;
  deadline_ = now + handshake_time;
  const bool guest = credentials_->role == wire::link_role::guest;
  handshake_.emplace(
      self_, role_,
      crypto_credentials{secrets_->crypto,
                         guest ? wire::crypto::key_kind::guest : wire::crypto::key_kind::network,
                         credentials_->grant});
  handshake_->start(now, first_attempt(greeting_, hello_));
  append(out_, handshake_->poll_transmit(now));
}

bool opening::handle_crypto(instant now, const_bytes payload) {
  const auto came_to = handshake_->handle_crypto(now, payload);
  append(out_, handshake_->poll_transmit(now));
  if (came_to == handshake::outcome::failed) return fail(reason::protocol, handshake_->failure());
  if (came_to != handshake::outcome::agreed) return true;
  stage_ = stage::proof;
  sealer_.emplace(handshake_->keys(), role_);
  opener_.emplace(handshake_->keys(), role_);
  send_proof();
  return true;
}

void opening::send_proof() {
  wire::proof mine;
  mine.instance = instance_;
  mine.mac = proof_mac(*secrets_, handshake_->keys().proof, role_);
  sealer_->append(out_, static_cast<std::uint8_t>(frame_type::proof), mine.encode(), 0);
}

bool opening::handle_proof(const_bytes header) {
  const auto heard = wire::proof::decode(header);
  const auto other = role_ == secure::side::client ? secure::side::server : secure::side::client;
  const auto& keys = handshake_->keys();
  if (!heard || !secure::same(proof_mac(*secrets_, keys.proof, other), heard->mac))
    return fail(reason::protocol, "a wrong proof");
  node_ = secure::node_of(keys.peer, heard->instance);
  stage_ = stage::up;
  return false;
}

bool opening::fail(reason why, std::string detail) {
  failure_ = failure{why, std::move(detail)};
  return false;
}

}  // namespace gof::core
