#include "node/composition.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

// What the node's owner does to streams.

namespace gof::core {

stream_id node::open(instant now, const peer_id& to, const std::string& service, wire::open_options options) {
  auto& p = *all_;
  const auto id = p.streams.ask(to, false, {service, std::move(options), false, false, {}},
                                now + p.config.connect_timeout);
  if (!p.assign(now, id)) return id;
  const auto* s = p.streams.find(id);
  // Without room in the budget it was refused already, and no packet will arrive to report that.
  if (!p.streams_of(s)->admits_stream()) p.settle_streams(now, s->at);
  return id;
}

stream_id node::probe(instant now, const peer_id& to, const std::string& service,
                      wire::open_options options) {
  auto& p = *all_;
  const auto id = p.streams.ask(to, true, {service, std::move(options), false, false, {}},
                                now + p.config.connect_timeout);
  p.assign(now, id);
  return id;
}

void node::ping(instant now, const peer_id& to) {
  auto& p = *all_;
  if (!p.sessions.ask(now, to)) {
    for (const auto& its : p.routes().nodes_of(to)) {
      if (!p.sessions.may_start(its)) continue;
      p.start_session(now, its, to);
      break;
    }
  }
  p.step(now);
}

void node::accept(instant now, stream_id id) {
  const auto* s = all_->streams.find(id);
  if (s == nullptr) return;
  all_->streams.handle_answered(id);
  if (auto* at = all_->streams_of(s)) at->accept(s->at->number);
  all_->settle_streams(now, s->at);
}

void node::confirm(instant, stream_id id) {
  const auto* s = all_->streams.find(id);
  if (s == nullptr) return;
  if (auto* at = all_->streams_of(s)) {
    at->confirm(s->at->number);
    all_->wake(*all_->sessions.find(s->at->node));
  }
  all_->streams.forget(id);
}

void node::refuse(instant now, stream_id id, wire::reason why, const std::string& text) {
  const auto* s = all_->streams.find(id);
  if (s == nullptr) return;
  if (why == wire::reason::withdrawn && !s->ours && s->at)
    if (const auto link = all_->links.to(s->at->node)) all_->guests.handle_refusal(now, *link, s->grant);
  if (auto* at = all_->streams_of(s)) {
    at->refuse(s->at->number, why, text);
    all_->wake(*all_->sessions.find(s->at->node));
  }
  all_->streams.forget(id);
}

std::size_t node::write(instant, stream_id id, const_bytes data) {
  const auto* s = all_->streams.find(id);
  auto* r = s != nullptr && s->at ? all_->sessions.find(s->at->node) : nullptr;
  if (r == nullptr || r->streams() == nullptr) return 0;
  all_->wake(*r);
  return r->streams()->write(s->at->number, data);
}

mutable_bytes node::prepare(stream_id id, std::size_t size) {
  const auto* s = all_->streams.find(id);
  auto* at = all_->streams_of(s);
  return at == nullptr ? mutable_bytes() : at->prepare(s->at->number, size);
}

void node::commit(stream_id id, std::size_t size) {
  const auto* s = all_->streams.find(id);
  auto* r = s != nullptr && s->at ? all_->sessions.find(s->at->node) : nullptr;
  if (r == nullptr || r->streams() == nullptr) return;
  if (size > 0) all_->wake(*r);
  r->streams()->commit(s->at->number, size);
}

void node::finish(instant now, stream_id id) {
  const auto* s = all_->streams.find(id);
  if (s == nullptr) return;
  if (!s->at) return all_->streams.want_finish(id);
  if (auto* at = all_->streams_of(s)) at->finish(s->at->number);
  all_->settle_streams(now, s->at);
}

bool node::await_room(stream_id id, std::size_t size) {
  const auto* s = all_->streams.find(id);
  if (s == nullptr) return true;
  auto* at = all_->streams_of(s);
  return at != nullptr && at->await_room(s->at->number, size);
}

void node::reset(instant now, stream_id id, wire::reason why, std::uint64_t more) {
  const auto* s = all_->streams.find(id);
  if (s == nullptr) return;
  if (!s->at && more > 0) return all_->streams.want_reset(id, why, more);
  if (auto* at = all_->streams_of(s)) at->reset(s->at->number, why, more);
  const auto place = s->at;
  if (more == 0) all_->streams.forget(id);
  all_->settle_streams(now, place);
}

void node::abort(instant now, stream_id id, wire::reason why) {
  const auto* s = all_->streams.find(id);
  if (s == nullptr) return;
  if (auto* at = all_->streams_of(s)) at->abort(s->at->number, why);
  const auto place = s->at;
  all_->streams.forget(id);
  all_->settle_streams(now, place);
}

void node::hold_taken(stream_id id) {
  const auto* s = all_->streams.find(id);
  if (s == nullptr) return;
  if (!s->at) return all_->streams.want_taken_held(id);
  if (auto* at = all_->streams_of(s)) at->hold_taken(s->at->number);
}

void node::taken(instant now, stream_id id, std::uint64_t offset) {
  const auto* s = all_->streams.find(id);
  if (s == nullptr || !s->at) return;
  if (auto* at = all_->streams_of(s)) at->taken(s->at->number, offset);
  all_->settle_streams(now, s->at);
}

node::read_result node::read(instant now, stream_id id, mutable_bytes into) {
  const auto* s = all_->streams.find(id);
  auto* at = all_->streams_of(s);
  if (at == nullptr) return {};
  std::size_t size = 0;
  while (size < into.size()) {
    const auto front = at->front(s->at->number);
    if (front.empty()) break;
    const auto part = std::min(front.size(), into.size() - size);
    std::memcpy(into.data() + size, front.data(), part);
    at->consume(now, s->at->number, part);
    size += part;
  }
  if (size > 0) all_->settle_streams(now, s->at);
  return {size, at_end(id)};
}

const_bytes node::readable(stream_id id) const {
  const auto* s = all_->streams.find(id);
  const auto* at = all_->streams_of(s);
  return at == nullptr ? const_bytes{} : at->front(s->at->number);
}

std::size_t node::readable(stream_id id, std::span<const_bytes> into) const {
  const auto* s = all_->streams.find(id);
  const auto* at = all_->streams_of(s);
  return at == nullptr ? 0 : at->front(s->at->number, into);
}

bool node::at_end(stream_id id) const {
  const auto* s = all_->streams.find(id);
  const auto* at = all_->streams_of(s);
  return at != nullptr && at->at_end(s->at->number);
}

void node::consume(instant now, stream_id id, std::size_t size) {
  const auto* s = all_->streams.find(id);
  if (s == nullptr || !s->at) return;
  if (auto* at = all_->streams_of(s)) at->consume(now, s->at->number, size);
  all_->settle_streams(now, s->at);
}

bool node::proves(stream_id id, const secure::secret32& token) const {
  const auto* s = all_->streams.find(id);
  if (s == nullptr || s->ours || s->grant.is_zero()) return false;
  const auto* asker = all_->sessions.find(s->at->node);
  return asker != nullptr && asker->end_to_end().is_established() &&
         secure::same(asker->end_to_end().token_proof(token, s->grant), s->mac);
}

}  // namespace gof::core
