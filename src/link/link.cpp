#include "link/link.hpp"

#include "secure/crypto_mac.hpp"
#include "wire/link_control.hpp"
#include "wire/refused.hpp"

#include <cassert>
#include <utility>

namespace gof::core {
namespace {

using wire::frame_type;
using wire::reason;

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

/// Both ends name the link's first handshake alike without a word.
secure::exchange::attempt_id first_attempt(const wire::greeting& greeting, const_bytes hello) {
  const auto heard = greeting.encode();
  return secure::exchange::attempt_id(secure::sha256({heard, hello}));
}

}  // namespace

link::link(instant now, const secure::identity& self, const instance_id& instance,
           const link_credentials& with, random_source& random)
    : self_(self),
      instance_(instance),
      random_(random),
      role_(secure::side::client),
      credentials_(with),
      stage_(stage::greeting),
      deadline_(now + handshake_time) {
  secrets_.emplace(with.key);
}

link::link(instant now, const secure::identity& self, const instance_id& instance,
           const secure::secret32& network_key, random_source& random)
    : self_(self),
      instance_(instance),
      random_(random),
      role_(secure::side::server),
      network_key_(network_key),
      stage_(stage::hello),
      deadline_(now + hello_time) {
  greeting_.nonce = random_.draw<wire::greeting::nonce_type>();
  out_ = greeting_.encode();
}

// ---- inputs

void link::handle_bytes(instant now, mutable_bytes data) {
  if (over_) return;
  in_.handle_bytes(data);
  if (stage_ == stage::up) liveness_.handle_received(now);
}

void link::handle_closed(const std::string& failure) {
  if (over_) return;
  // Who fails was perhaps not heard at all: a listener that is pressed for room resets.
  const bool silent =
      failure.empty() && role_ == secure::side::client && stage_ == stage::handshake && !answered_;
  if (silent)
    end(reason::not_allowed, "closed without a word: the ticket or network key is not for its mesh");
  else
    end(reason::none, failure.empty() ? "closed by the other side" : failure);
  ending_->stranger = role_ == secure::side::server && stage_ == stage::hello;
}

void link::handle_timeout(instant now) {
  if (over_) return;
  if (stage_ != stage::up) {
    if (now < deadline_) return;
    const bool stranger = stage_ == stage::hello;
    end(reason::none, stranger ? "no hello in 2 s" : "no answer in 3 s");
    ending_->stranger = stranger;
    return;
  }
  if (liveness_.dead(now)) {
    end(reason::none, "silent");
    return;
  }
  if (const auto token = liveness_.poll_ping(now)) send_sealed(frame_type::ping, wire::ping{*token}.encode());
  if (exchange_ && now >= deadline_) {
    end(reason::none, "new keys were not agreed on in time");
    return;
  }
  if (rekey_at_ && now >= *rekey_at_) start_rekey(now);
}

std::optional<instant> link::poll_timeout() const {
  if (over_) return std::nullopt;
  if (stage_ != stage::up) return deadline_;
  auto due = liveness_.poll_timeout();
  if (exchange_ && (!due || deadline_ < *due)) due = deadline_;
  if (rekey_at_ && (!due || *rekey_at_ < *due)) due = rekey_at_;
  return due;
}

// ---- outputs

std::optional<link::event> link::poll_event(instant now) {
  while (!over_) {
    bool progress = false;
    if (auto e = step(now, progress)) {
      if (!std::holds_alternative<down>(*e)) return e;
      break;
    }
    if (!progress) break;
  }
  in_.keep();
  if (!ending_) return std::nullopt;
  event last = *ending_;
  ending_.reset();
  return last;
}

bytes link::poll_transmit() {
  return std::exchange(out_, {});
}

bytes& link::room_for(instant now, frame_type type, std::size_t payload_size) {
  assert(is_up());
  if (type == frame_type::relay_data) liveness_.handle_sent(now);
  if (role_ == secure::side::client && sealer_->count() >= frames_per_key && !exchange_) rekey_at_ = now;
  // Bulk fills an output to its limit and a packet: growing in steps would copy it again and again.
  if (payload_size >= bulk_packet) out_.reserve(output_limit + wire::frame::largest);
  return out_;
}

mutable_bytes link::append_packet(instant now, frame_type type, const wire::packet& head,
                                  std::size_t payload_size) {
  return sealer_->append(room_for(now, type, payload_size), static_cast<std::uint8_t>(type), head.encode(),
                         payload_size);
}

void link::append_packet(instant now, frame_type type, const wire::packet& head, const_bytes payload) {
  sealer_->append(room_for(now, type, payload.size()), static_cast<std::uint8_t>(type), head.encode(),
                  payload);
}

void link::close(reason why) {
  if (over_) return;
  if (sealer_) send_sealed(frame_type::bye, wire::bye{why}.encode());
  end(why, "closed here", true);
  ending_.reset();
}

// ---- reading

std::optional<link::event> link::step(instant now, bool& progress) {
  switch (stage_) {
    case stage::greeting: return read_greeting(now, progress);
    case stage::hello: return read_hello(now, progress);
    default: return read_frame(now, progress);
  }
}

std::optional<link::event> link::read_greeting(instant now, bool& progress) {
  const auto raw = in_.take(wire::greeting::size);
  if (raw.empty()) return std::nullopt;
  progress = true;
  const auto heard = wire::greeting::decode(raw);
  if (!heard) return end(reason::protocol, "what answers there is not gof");
  if (heard->lowest > wire::highest_version || heard->highest < wire::lowest_version)
    return end(reason::version, "it speaks versions " + std::to_string(heard->lowest) + " to " +
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
  return std::nullopt;
}

std::optional<link::event> link::read_hello(instant now, bool& progress) {
  const auto stranger = [&](const char* what) {
    auto e = end(reason::protocol, what);
    ending_->stranger = true;
    out_.clear();
    return e;
  };
  const auto first = in_.peek(2);
  if (first.empty()) return std::nullopt;
  const auto size = wire::hello::size_of(first);
  if (!size) return stranger("not gof");
  const auto raw = in_.take(*size);
  if (raw.empty()) return std::nullopt;
  progress = true;
  hello_.assign(raw.begin(), raw.end());
  const auto heard = wire::hello::decode(hello_);
  if (!heard) return stranger("not gof");
  link_credentials shown;
  shown.role = heard->role;
  shown.issuer = heard->issuer;
  shown.grant = heard->grant;
  shown.key = heard->role == wire::link_role::member
                  ? *network_key_
                  : secure::guest_link_key(*network_key_, heard->issuer, heard->grant);
  secrets_.emplace(shown.key);
  if (!secure::same(hello_mac(*secrets_, greeting_, *heard), heard->mac))
    return stranger("a hello with a wrong key");
  credentials_ = shown;
  auto why = refuse_;
  if (heard->version < wire::lowest_version || heard->version > wire::highest_version) why = reason::version;
  if (why != reason::none) {
    const std::array<std::uint8_t, 1> number{static_cast<std::uint8_t>(why)};
    send_clear(frame_type::refused,
               wire::refused{why, refused_mac(*secrets_, greeting_, hello_, number)}.encode());
    return end(why, "refused");
  }
  start_handshake(now);
  return std::nullopt;
}

std::optional<link::event> link::read_frame(instant now, bool& progress) {
  const auto f = in_.take_frame();
  if (!f && in_.is_broken()) return end(reason::protocol, "a frame whose lengths do not fit");
  if (!f) return std::nullopt;
  progress = answered_ = true;
  if (wire::is_clear(f->type)) return handle_clear_frame(now, f->type, f->payload);
  if (!opener_) return end(reason::protocol, "a sealed frame before there are keys");
  if (!opener_->open(f->prefix, f->header)) return end(reason::protocol, "a frame that is not authentic");
  return handle_sealed_frame(now, f->type, f->opened_header(), f->payload);
}

std::optional<link::event> link::handle_clear_frame(instant now, std::uint8_t type, const_bytes payload) {
  if (type == static_cast<std::uint8_t>(frame_type::crypto)) return handle_crypto(now, payload);
  return handle_refused(payload);
}

std::optional<link::event> link::handle_sealed_frame(instant now, std::uint8_t type, const_bytes header,
                                                     mutable_bytes payload) {
  if (stage_ == stage::proof && type == static_cast<std::uint8_t>(frame_type::proof))
    return handle_proof(now, header);
  if (type == static_cast<std::uint8_t>(frame_type::bye)) {
    const auto bye = wire::bye::decode(header);
    return end(bye ? bye->why : reason::protocol, "closed by the other side", true);
  }
  if (stage_ != stage::up) return end(reason::protocol, "a frame before the proof");
  switch (static_cast<frame_type>(type)) {
    case frame_type::ping:
      if (const auto p = wire::ping::decode(header)) {
        if (takes_news()) send_sealed(frame_type::pong, p->encode());  // who asks also reads
        return std::nullopt;
      }
      return end(reason::protocol, "a malformed ping");
    case frame_type::pong:
      if (const auto p = wire::ping::decode(header)) {
        liveness_.handle_pong(now, p->token);
        return std::nullopt;
      }
      return end(reason::protocol, "a malformed pong");
    case frame_type::rekey: return handle_rekey(now);
    case frame_type::relay_data:
    case frame_type::relay_control:
    case frame_type::path_error: {
      auto head = wire::packet::decode(header);
      if (!head) return end(reason::protocol, "a malformed packet header");
      return received{static_cast<frame_type>(type), std::move(*head), payload};
    }
    case frame_type::label:
    case frame_type::grant:
    case frame_type::neighbours:
    case frame_type::hop_credit:
    case frame_type::flow_close:
    case frame_type::flow_reset:
    case frame_type::flow_blocked:
    case frame_type::have:
    case frame_type::want:
    case frame_type::record: return notice{static_cast<frame_type>(type), header};
    default: break;
  }
  if (type >= 0x80) return end(reason::version, "newer version needed");
  return std::nullopt;
}

// ---- handshake

void link::start_handshake(instant now) {
  stage_ = stage::handshake;
  deadline_ = now + handshake_time;
  exchange_.emplace(now, self_, role_, first_attempt(greeting_, hello_),
                    secure::exchange::delivery::reliable);
  send_crypto(now);
}

void link::start_rekey(instant now) {
  rekey_at_.reset();
  if (role_ != secure::side::client || exchange_) return;
  deadline_ = now + rekey_time;
  exchange_.emplace(now, self_, role_, random_.draw<secure::exchange::attempt_id>(),
                    secure::exchange::delivery::reliable);
  send_crypto(now);
}

std::optional<link::event> link::handle_crypto(instant now, const_bytes payload) {
  const auto message = wire::crypto::decode(payload);
  if (!message || !secure::verify(secrets_->crypto, *message, frame_type::crypto, {}, {}))
    return end(reason::protocol, "a malformed handshake message");
  if (!exchange_ && stage_ == stage::up && role_ == secure::side::server && message->role == 0) {
    deadline_ = now + rekey_time;
    exchange_.emplace(now, self_, role_, message->attempt, secure::exchange::delivery::reliable);
  }
  if (!exchange_) return std::nullopt;
  const auto before = exchange_->status();
  exchange_->handle_crypto(now, *message);
  send_crypto(now);
  if (exchange_->status() == secure::tls::state::failed)
    return end(reason::protocol, "the handshake failed: " + exchange_->failure());
  if (before == secure::tls::state::running && exchange_->status() == secure::tls::state::done)
    return after_exchange();
  return std::nullopt;
}

std::optional<link::event> link::handle_refused(const_bytes payload) {
  const auto message = wire::refused::decode(payload);
  if (role_ != secure::side::client || stage_ != stage::handshake || !message ||
      !secure::same(refused_mac(*secrets_, greeting_, hello_, payload.first(1)), message->mac))
    return end(reason::protocol, "a malformed refusal");
  return end(message->why, "refused", true);
}

std::optional<link::event> link::after_exchange() {
  const auto& keys = exchange_->keys();
  if (stage_ == stage::handshake) {
    stage_ = stage::proof;
    peer_ = keys.peer;
    proof_key_ = keys.proof;
    sealer_.emplace(keys, role_);
    opener_.emplace(keys, role_);
    send_proof();
    return std::nullopt;
  }
  if (keys.peer != *peer_) return end(reason::identity, "another key on a link that stands");
  if (role_ == secure::side::client) {
    send_sealed(frame_type::rekey, {});
    sealer_.emplace(keys, role_);
  }
  return std::nullopt;
}

std::optional<link::event> link::handle_rekey(instant now) {
  if (!exchange_ || exchange_->status() != secure::tls::state::done)
    return end(reason::protocol, "new keys without a handshake");
  const auto& keys = exchange_->keys();
  if (role_ == secure::side::server) {
    send_sealed(frame_type::rekey, {});
    sealer_.emplace(keys, role_);
  }
  opener_.emplace(keys, role_);
  exchange_.reset();
  if (role_ == secure::side::client) rekey_at_ = now + key_lifetime;
  return std::nullopt;
}

secure::mac16 link::proof_mac(const secure::link_secrets& secrets, secure::side of) const {
  const std::array<std::uint8_t, 1> role{static_cast<std::uint8_t>(of)};
  return secure::hmac16(secrets.proof, {proof_key_.view(), role});
}

std::optional<link::event> link::handle_proof(instant now, const_bytes header) {
  const auto heard = wire::proof::decode(header);
  const auto other = role_ == secure::side::client ? secure::side::server : secure::side::client;
  if (!heard || !secure::same(proof_mac(*secrets_, other), heard->mac))
    return end(reason::protocol, "a wrong proof");
  stage_ = stage::up;
  up_ = true;
  exchange_.reset();
  liveness_.start(now);
  if (role_ == secure::side::client) rekey_at_ = now + key_lifetime;
  return up{*peer_, secure::node_of(*peer_, heard->instance), credentials_->role, credentials_->issuer,
            credentials_->grant};
}

// ---- writing

void link::send_crypto(instant now) {
  while (auto message = exchange_->poll_crypto(now)) {
    message->key = credentials_->role == wire::link_role::guest ? wire::crypto::key_kind::guest
                                                                : wire::crypto::key_kind::network;
    message->grant = credentials_->grant;
    secure::sign(secrets_->crypto, *message, frame_type::crypto, {}, {});
    send_clear(frame_type::crypto, message->encode());
  }
}

void link::send_proof() {
  wire::proof mine;
  mine.instance = instance_;
  mine.mac = proof_mac(*secrets_, role_);
  send_sealed(frame_type::proof, mine.encode());
}

void link::send_sealed(frame_type type, const_bytes body) {
  sealer_->append(out_, static_cast<std::uint8_t>(type), body, 0);
}

void link::send_clear(frame_type type, const_bytes payload) {
  wire::frame f;
  f.type = static_cast<std::uint8_t>(type);
  f.length = payload.size();
  append(out_, f.encode());
  append(out_, payload);
}

link::event link::end(reason why, std::string detail, bool told) {
  over_ = true;
  if (!told && why != reason::none && stage_ == stage::up)  // so that the other side's log says it too
    send_sealed(frame_type::bye, wire::bye{why}.encode());
  ending_ = down{why, false, told, std::move(detail)};
  return *ending_;
}

}  // namespace gof::core
