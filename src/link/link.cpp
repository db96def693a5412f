#include "link/link.hpp"

#include "wire/link_control.hpp"

#include <cassert>
#include <utility>

namespace gof::core {

using wire::frame_type;
using wire::reason;

link::link(instant now, const secure::identity& self, const instance_id& instance,
           const link_credentials& with, random_source& random)
    : random_(random), role_(secure::side::client) {
  opening_.emplace(now, self, instance, with);
}

link::link(instant now, const secure::identity& self, const instance_id& instance,
           const secure::secret32& network_key, random_source& random)
    : random_(random), role_(secure::side::server) {
  opening_.emplace(now, self, instance, network_key, random);
}

// ---- inputs

void link::handle_bytes(instant now, mutable_bytes data) {
  if (over_) return;
  in_.handle_bytes(data);
  if (opened_) liveness_.handle_received(now);
}

void link::handle_closed(const std::string& failure) {
  if (over_) return;
  if (opened_) return end(reason::none, failure.empty() ? "closed by the other side" : failure);
  opening_->handle_closed(failure);
  take_failure();
}

void link::handle_timeout(instant now) {
  if (over_) return;
  if (opening_) {
    opening_->handle_timeout(now);
    return take_failure();
  }
  if (liveness_.dead(now)) return end(reason::none, "silent");
  if (const auto token = liveness_.poll_ping(now)) send(frame_type::ping, wire::ping{*token}.encode());
  if (opened_->handshake.is_under_way() && now >= rekey_deadline_)
    return end(reason::none, "new keys were not agreed on in time");
  if (rekey_at_ && now >= *rekey_at_) start_rekey(now);
}

std::optional<instant> link::poll_timeout() const {
  if (over_) return std::nullopt;
  if (opening_) return opening_->poll_timeout();
  auto due = liveness_.poll_timeout();
  if (opened_->handshake.is_under_way() && (!due || rekey_deadline_ < *due)) due = rekey_deadline_;
  if (rekey_at_ && (!due || *rekey_at_ < *due)) due = rekey_at_;
  return due;
}

// ---- outputs

std::optional<link::event> link::poll_event(instant now) {
  if (opening_ && !over_)
    if (auto e = open_further(now)) return e;
  while (is_up()) {
    const auto f = in_.take_frame();
    if (!f) {
      if (in_.is_broken()) end(reason::protocol, "a frame whose lengths do not fit");
      break;
    }
    if (auto e = handle_frame(now, *f)) return e;
  }
  in_.keep();
  if (!ending_) return std::nullopt;
  event last = *ending_;
  ending_.reset();
  return last;
}

buffer link::poll_transmit() {
  return opening_ ? opening_->poll_transmit() : std::exchange(out_, {});
}

buffer& link::room_for(instant now, frame_type type, std::size_t payload_size) {
  assert(is_up());
  if (type == frame_type::relay_data) liveness_.handle_sent(now);
  if (role_ == secure::side::client && opened_->sealer.count() >= frames_per_key &&
      !opened_->handshake.is_under_way())
    rekey_at_ = now;
  // Bulk fills an output up to its limit plus a packet: growing it in steps would copy it repeatedly.
  if (payload_size >= bulk_packet) out_.reserve(core::output_limit::most + wire::frame::largest);
  return out_;
}

mutable_bytes link::append_packet(instant now, frame_type type, const wire::packet& head,
                                  std::size_t payload_size) {
  return opened_->sealer.append(room_for(now, type, payload_size), static_cast<std::uint8_t>(type),
                                head.encode(), payload_size);
}

void link::append_packet(instant now, frame_type type, const wire::packet& head, const_bytes payload) {
  opened_->sealer.append(room_for(now, type, payload.size()), static_cast<std::uint8_t>(type), head.encode(),
                         payload);
}

void link::send(frame_type type, const_bytes body) {
  opened_->sealer.append(out_, static_cast<std::uint8_t>(type), body, 0);
}

void link::close(reason why) {
  if (over_) return;
  over_ = true;
  if (opening_) return opening_->close(why);
  send(frame_type::bye, wire::bye{why}.encode());
}

// ---- the opening

std::optional<link::event> link::open_further(instant now) {
  opening_->read(now, in_);
  take_failure();
  opened_ = opening_->poll_opened();
  if (!opened_) return std::nullopt;
  out_ = opening_->poll_transmit();
  opening_.reset();
  liveness_.start(now);
  if (role_ == secure::side::client) rekey_at_ = now + key_lifetime;
  const auto& with = opened_->with;
  return up{opened_->peer, opened_->node, with.role, with.issuer, with.grant};
}

void link::take_failure() {
  auto failed = opening_->poll_failure();
  if (!failed) return;
  over_ = true;
  ending_ = down{failed->why, failed->stranger, failed->told, std::move(failed->detail)};
}

std::optional<link::claim> link::claimed() {
  return opening_ && !over_ ? opening_->claimed(in_) : std::nullopt;
}

std::optional<grant_id> link::shown_grant() const {
  if (!is_admitted()) return std::nullopt;
  const auto& with = opened_ ? opened_->with : *opening_->credentials();
  return with.role == wire::link_role::guest ? std::optional(with.grant) : std::nullopt;
}

secure::mac16 link::grant_mac(const secure::secret32& link_key) const {
  assert(opened_);
  return proof_mac(secure::link_secrets(link_key), opened_->proof_key, secure::side::client);
}

bool link::proves(const wire::grant_frame& shown) const {
  assert(opened_ && opened_->network_key);
  const auto key = secure::guest_link_key(*opened_->network_key, shown.issuer, shown.grant);
  return secure::same(grant_mac(key), shown.mac);
}

// ---- frames

std::optional<link::event> link::handle_frame(instant now, const frame_reader::frame& f) {
  const auto type = static_cast<frame_type>(f.type);
  if (wire::is_clear(f.type)) {
    handle_clear_frame(now, type, f.payload);
    return std::nullopt;
  }
  if (!opened_->opener.open(f.prefix, f.header)) {
    end(reason::protocol, "a frame that is not authentic");
    return std::nullopt;
  }
  const auto header = f.opened_header();
  switch (type) {
    case frame_type::relay_data:
    case frame_type::relay_control:
    case frame_type::path_error: {
      auto head = wire::packet::decode(header);
      if (head) return received{type, std::move(*head), f.payload};
      end(reason::protocol, "a malformed packet header");
      break;
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
    case frame_type::record: return notice{type, header};
    default: handle_own_frame(now, type, header);
  }
  return std::nullopt;
}

void link::handle_clear_frame(instant now, frame_type type, const_bytes payload) {
  if (type != frame_type::crypto) return end(reason::protocol, "a malformed refusal");
  auto& handshake = opened_->handshake;
  if (!handshake.is_under_way()) rekey_deadline_ = now + rekey_time;
  const auto came_to = handshake.handle_crypto(now, payload);
  append(out_, handshake.poll_transmit(now));
  if (came_to == handshake::outcome::failed) return end(reason::protocol, handshake.failure());
  if (came_to != handshake::outcome::agreed) return;
  if (handshake.keys().peer != opened_->peer)
    return end(reason::identity, "another key on a link that stands");
  if (role_ == secure::side::client) seal_under_new_keys();
}

/// Frames that the link handles by itself.
void link::handle_own_frame(instant now, frame_type type, const_bytes header) {
  switch (type) {
    case frame_type::bye: {
      const auto bye = wire::bye::decode(header);
      return end(bye ? bye->why : reason::protocol, "closed by the other side", true);
    }
    case frame_type::ping: {
      const auto p = wire::ping::decode(header);
      if (!p) return end(reason::protocol, "a malformed ping");
      if (takes_news()) send(frame_type::pong, p->encode());  // no answer for a peer that does not read
      return;
    }
    case frame_type::pong: {
      const auto p = wire::ping::decode(header);
      if (!p) return end(reason::protocol, "a malformed pong");
      return liveness_.handle_pong(now, p->token);
    }
    case frame_type::rekey: return handle_rekey(now);
    default:
      if (static_cast<std::uint8_t>(type) >= 0x80) end(reason::version, "newer version needed");
  }
}

// ---- new keys

void link::start_rekey(instant now) {
  rekey_at_.reset();
  auto& handshake = opened_->handshake;
  if (role_ != secure::side::client || handshake.is_under_way()) return;
  rekey_deadline_ = now + rekey_time;
  handshake.start(now, random_.draw<handshake::attempt_id>());
  append(out_, handshake.poll_transmit(now));
}

void link::handle_rekey(instant now) {
  auto& handshake = opened_->handshake;
  if (!handshake.is_agreed()) return end(reason::protocol, "new keys without a handshake");
  if (role_ == secure::side::server) seal_under_new_keys();
  opened_->opener = frame_opener(handshake.keys(), role_);
  handshake.finish();
  if (role_ == secure::side::client) rekey_at_ = now + key_lifetime;
}

void link::seal_under_new_keys() {
  send(frame_type::rekey, {});
  opened_->sealer = frame_sealer(opened_->handshake.keys(), role_);
}

/// If we give a reason, it is sent to the other side for its log.
void link::end(reason why, std::string detail, bool told) {
  over_ = true;
  if (!told && why != reason::none) send(frame_type::bye, wire::bye{why}.encode());
  ending_ = down{why, false, told, std::move(detail)};
}

}  // namespace gof::core
