#include "mesh/spreading.hpp"

#include "wire/record_frame.hpp"

#include <algorithm>

namespace gof::core {

void spreading::handle_link_up(instant now, link_id link, audience who) {
  auto& n = neighbours_[link];
  n.who = std::move(who);
  n.telling = member_;
  n.told.reset();
  if (n.telling) waiting_.insert(link);
  if (member_ && !heal_at_) heal_at_ = now + heal_interval;
}

void spreading::handle_link_down(link_id link) {
  const auto at = neighbours_.find(link);
  if (at == neighbours_.end()) return;
  asking_.set(at->second.timer, link, std::nullopt);
  waiting_.erase(link);
  neighbours_.erase(at);
  if (neighbours_.empty()) heal_at_.reset();
}

bool spreading::sees(const neighbour& n, const wire::record_name& name) const {
  if (!member_) return false;
  if (!n.who.guest || name.part == wire::record_part::links) return true;
  const auto* held = store_.find(name);
  return held && std::find(n.who.issuers.begin(), n.who.issuers.end(), held->peer) != n.who.issuers.end();
}

void spreading::offer(link_id link, neighbour& n, const wire::record_name& name) {
  if (!sees(n, name) || n.to_send.size() >= most_offered) return;
  n.to_send.insert(name);
  waiting_.insert(link);
}

void spreading::handle_have(link_id link, const wire::have& message) {
  const auto at = neighbours_.find(link);
  if (at == neighbours_.end()) return;
  auto& n = at->second;
  for (const auto& [name, seq] : message.items) {
    handle_told(link, name, seq);
    const auto* held = store_.find(name);
    if (held && held->seq > seq) offer(link, n, name);
    if (!store_.wants(name, seq)) continue;
    if (n.to_ask.size() < most_asked || n.to_ask.contains(name)) n.to_ask[name] = seq;
    waiting_.insert(link);
  }
}

void spreading::handle_want(link_id link, const wire::want& message) {
  const auto at = neighbours_.find(link);
  if (at == neighbours_.end()) return;
  for (const auto& name : message.names)
    if (store_.find(name)) offer(link, at->second, name);
}

void spreading::handle_told(link_id link, const wire::record_name& name, std::uint64_t seq) {
  const auto at = neighbours_.find(link);
  const auto* held = store_.find(name);
  if (at != neighbours_.end() && held && held->seq <= seq) at->second.to_send.erase(name);
}

void spreading::handle_fresh(const wire::record_name& name) {
  for (auto& [link, n] : neighbours_) offer(link, n, name);
}

void spreading::handle_timeout(instant now) {
  while (const auto link = asking_.poll(now)) {
    auto& n = neighbours_.at(*link);
    n.timer.reset();
    n.ask_at.reset();
    waiting_.insert(*link);
  }
  if (!heal_at_ || now < *heal_at_) return;
  heal_at_ = now + heal_interval;
  tell_one(false);
  tell_one(true);
}

void spreading::tell_one(bool guest) {
  std::vector<link_id> those;
  for (auto& [link, n] : neighbours_)
    if (n.who.guest == guest) those.push_back(link);
  if (those.empty()) return;
  const auto link = those[random_.number() % those.size()];
  auto& chosen = neighbours_.at(link);
  if (chosen.telling) return;
  waiting_.insert(link);
  chosen.telling = true;
  chosen.told.reset();
}

std::optional<bytes> spreading::next_have(neighbour& n) const {
  if (!n.telling) return std::nullopt;
  wire::have message;
  auto at = n.told ? store_.all().upper_bound(*n.told) : store_.all().begin();
  for (; at != store_.all().end() && message.items.size() < wire::have::most_items; ++at) {
    n.told = at->first;
    if (sees(n, at->first)) message.items.push_back({at->first, at->second.seq});
  }
  n.telling = at != store_.all().end();
  if (message.items.empty()) return std::nullopt;
  return message.encode();
}

std::optional<bytes> spreading::next_want(instant now, neighbour& n) {
  if (n.to_ask.empty() || n.ask_at) return std::nullopt;
  wire::want message;
  // Starts at a random name, so that several neighbours are not asked for the same records at a time.
  auto at = n.to_ask.lower_bound({random_.draw<node_id>(), wire::record_part::links});
  while (!n.to_ask.empty() && message.names.size() < wire::want::most_names) {
    if (at == n.to_ask.end()) at = n.to_ask.begin();
    if (store_.wants(at->first, at->second)) {
      if (!n.asks.take(now)) break;
      message.names.push_back(at->first);
    }
    at = n.to_ask.erase(at);
  }
  if (!n.to_ask.empty()) n.ask_at = now + ask_interval;
  if (message.names.empty()) return std::nullopt;
  return message.encode();
}

std::optional<bytes> spreading::next_record(instant now, neighbour& n) const {
  while (!n.to_send.empty()) {
    const auto name = *n.to_send.begin();
    n.to_send.erase(n.to_send.begin());
    const auto* held = store_.find(name);
    if (held && held->remaining(now) > 0)
      return wire::record_frame{held->remaining(now), held->whole}.encode();
  }
  return std::nullopt;
}

std::optional<outgoing> spreading::poll_transmit(instant now, link_id link) {
  const auto at = neighbours_.find(link);
  if (at == neighbours_.end()) return std::nullopt;
  auto& n = at->second;
  if (auto body = next_record(now, n)) return outgoing{link, wire::frame_type::record, std::move(*body)};
  auto asked = next_want(now, n);
  asking_.set(n.timer, link, n.ask_at);
  if (auto& body = asked) return outgoing{link, wire::frame_type::want, std::move(*body)};
  if (auto body = next_have(n)) return outgoing{link, wire::frame_type::have, std::move(*body)};
  return std::nullopt;
}

std::optional<link_id> spreading::poll_waiting() {
  if (waiting_.empty()) return std::nullopt;
  return waiting_.extract(waiting_.begin()).value();
}

std::optional<outgoing> spreading::poll_transmit(instant now) {
  const auto from = neighbours_.upper_bound(served_);
  const auto serve = [&](auto begin, auto end) -> std::optional<outgoing> {
    for (auto at = begin; at != end; ++at)
      if (auto out = poll_transmit(now, at->first)) {
        served_ = at->first;
        return out;
      }
    return std::nullopt;
  };
  if (auto out = serve(from, neighbours_.end())) return out;
  return serve(neighbours_.begin(), from);
}

std::optional<instant> spreading::poll_timeout() const {
  const auto asks = asking_.next();
  return heal_at_ && asks ? std::min(heal_at_, asks) : heal_at_ ? heal_at_ : asks;
}

}  // namespace gof::core
