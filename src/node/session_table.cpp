#include "node/session_table.hpp"

#include "node/crypto_credentials.hpp"

#include <algorithm>
#include <utility>

namespace gof::core {
session_table::session_table(const node_config& how, const instance_id& instance, const node_id& self,
                             sctp::stack& stack, random_source& random, credit_budget& budget)
    : config_(how), instance_(instance), self_(self), stack_(stack), random_(random), budget_(budget) {}

// ---- begin and end

session_table::entry& session_table::add(const node_id& node) {
  const session::config how{config_.self, instance_,       self_,       node,
                            config_.name, config_.survive, config_.host};
  auto& its = all_[node];
  its.remote = std::make_unique<core::remote>(how, stack_, random_, budget_);
  return its;
}

void session_table::start(instant now, const node_id& node, const peer_id& peer,
                          const session_credentials& with, std::vector<path> candidates) {
  auto& its = add(node);
  its.remote->connect(now, peer, with);
  set_path(now, node, its, its.choice.choose(now, std::move(candidates), std::nullopt));
  touch(node, its);
  index(node, its);
}

void session_table::close(const node_id& node, wire::reason why) {
  all_.at(node).remote->close(why);
}

void session_table::postpone(instant now, const node_id& node) {
  retries_.set(postponed_[node], node, now + retry_time);
}

void session_table::forget(const node_id& node) {
  if (const auto found = all_.find(node); found != all_.end()) erase(found);
}

void session_table::erase(table::iterator at) {
  const auto& node = at->first;
  auto& its = at->second;
  end_flow(its);
  timers_.set(its.timer, node, std::nullopt);
  ticking_.erase(node);
  leave_link(node, its);
  if (its.peer) index_.remove(*its.peer, node);
  all_.erase(at);
}

void session_table::clear() {
  while (!all_.empty()) erase(all_.begin());
  while (!postponed_.empty()) {
    retries_.set(postponed_.begin()->second, postponed_.begin()->first, std::nullopt);
    postponed_.erase(postponed_.begin());
  }
  pinging_.clear();
  events_.clear();
}

// ---- inputs

void session_table::handle_packet(instant now, const link::received& packet, const path& back) {
  const auto known = all_.find(packet.head.source);
  if (known == all_.end()) return;
  auto& its = known->second;
  const bool newest = its.remote->handle_packet(now, packet.type, packet.head, packet.payload);
  touch(known->first, its);
  // The session's client chooses the path, and its server follows.
  if (newest && !its.remote->end_to_end().credentials()) set_path(now, known->first, its, back);
}

void session_table::handle_crypto(instant now, const link::received& packet, const path& back) {
  const auto source = packet.head.source;
  const auto message = wire::crypto::decode(packet.payload);
  if (!message) return;
  auto known = all_.find(source);
  const auto& ours = known != all_.end() ? known->second.remote->end_to_end().credentials() : std::nullopt;
  const auto with = credentials_of(config_, self_, ours, packet, *message);
  if (!with) return;
  if (known == all_.end()) {
    if (!begin_half_open(now, source, back, *message)) return;
    add(source);
    known = all_.find(source);
  }
  auto& its = known->second;
  if (!its.remote->current_path() ||
      (!its.remote->is_established() && !its.remote->end_to_end().credentials()))
    set_path(now, source, its, back);
  its.remote->handle_crypto(now, *message, *with);
  touch(source, its);
}

/// Only for a client's first bytes: an attempt that was given up cannot go on, but would push out others.
bool session_table::begin_half_open(instant now, const node_id& source, const path& back,
                                    const wire::crypto& message) {
  if (message.role != 0 || message.offset != 0 || message.piece.empty()) return false;
  half_.tidy([&](const node_id& id) {
    const auto* r = find(id);
    return r != nullptr && !r->is_established() && !r->end_to_end().credentials();
  });
  half_open::origin from{back.link, back.labels, std::nullopt};
  if (message.key == wire::crypto::key_kind::guest) from.grant = message.grant;
  const auto verdict = half_.enter(now, source, from);
  for (const auto& id : verdict.gone)
    if (const auto victim = all_.find(id); victim != all_.end()) erase(victim);
  return verdict.taken;
}

void session_table::handle_link_down(link_id link) {
  for (const auto& node : by_link(link)) {
    auto& its = all_.at(node);
    if (its.remote->flow() && its.remote->flow()->link == link) its.remote->end_flow();
  }
}

bool session_table::handle_timeout(instant now) {
  bool again = false;
  while (const auto node = retries_.poll(now)) again = postponed_.erase(*node) > 0;
  while (const auto node = timers_.poll(now)) {
    auto& its = all_.at(*node);
    its.timer.reset();
    its.remote->handle_timeout(now);
    if (its.remote->flow() && now >= its.remote->flow()->used + flow_idle_time) end_flow(its);
    const auto retry = its.choice.poll_timeout();
    if (retry && now >= *retry && !its.remote->current_path()) path_wanted_.push_back(*node);
    touch(*node, its);
  }
  return again;
}

void session_table::handle_tick() {
  for (const auto& node : ticking_) touch(node, all_.at(node));
}

// ---- commands

void session_table::set_path(instant now, const node_id& node, std::optional<path> next) {
  if (const auto found = all_.find(node); found != all_.end())
    set_path(now, node, found->second, std::move(next));
}

void session_table::set_path(instant now, const node_id& node, entry& its, std::optional<path> next) {
  if (its.remote->current_path() == next) return;
  end_flow(its);
  leave_link(node, its);
  if (next) index_.add(next->link, node);
  // For people, a new link to the same node is not another path.
  const bool other = next && its.last_labels && *its.last_labels != next->labels;
  if (next) its.last_labels = next->labels;
  its.remote->handle_path(now, std::move(next));
  touch(node, its);
  if (other && its.remote->is_up()) path_changed_.push_back(node);
}

void session_table::choose_path(instant now, const node_id& node, std::vector<path> candidates) {
  auto& its = all_.at(node);
  set_path(now, node, its, its.choice.choose(now, std::move(candidates), its.remote->current_path()));
}

bool session_table::suspect_path(instant now, const node_id& node, bool broken) {
  const auto found = all_.find(node);
  if (found == all_.end() || !found->second.remote->current_path()) return false;
  auto& its = found->second;
  touch(node, its);
  if (its.remote->end_to_end().credentials()) {
    its.choice.suspect(now, *its.remote->current_path(), broken);
    return true;
  }
  if (broken) set_path(now, node, its, std::nullopt);  // until the client uses another path
  return false;
}

void session_table::probe(instant now, const node_id& node) {
  auto& its = all_.at(node);
  its.remote->probe(now);
  touch(node, its);
}

bool session_table::ask(instant now, const peer_id& peer) {
  for (const auto& node : of(peer)) {
    auto& its = all_.at(node);
    if (!its.remote->is_up() || !its.remote->end_to_end().watch().alive()) continue;
    its.remote->ask(now);
    touch(node, its);
    return true;
  }
  if (pinging_.size() < most_pinging) pinging_.insert(peer);
  return false;
}

void session_table::keep(const node_id& node, bool wanted) {
  auto& its = all_.at(node);
  its.remote->keep(wanted);
  touch(node, its);
}

void session_table::touch(const node_id& node) {
  if (const auto found = all_.find(node); found != all_.end()) touch(found->first, found->second);
}

void session_table::touch(const node_id& node, entry& its) {
  if (!std::exchange(its.touched, true)) touched_.push_back(node);
}

void session_table::settle(instant now) {
  while (const auto node = take_first(touched_)) {
    const auto found = all_.find(*node);
    if (found == all_.end()) continue;
    auto& its = found->second;
    its.touched = false;
    its.remote->settle(now);
    index(*node, its);
    collect(now, *node, its);
  }
}

void session_table::settle_streams(instant now, const node_id& node) {
  const auto found = all_.find(node);
  if (found == all_.end()) return;
  found->second.remote->settle_streams(now);
  collect(now, node, found->second);
}

void session_table::collect(instant now, const node_id& node, entry& its) {
  while (auto e = its.remote->poll_event()) {
    if (const auto* up = std::get_if<session_up>(&*e); up && pinging_.erase(up->peer) > 0)
      its.remote->ask(now);
    events_.push_back({node, std::move(*e)});
  }
  rearm(node, its);
  ready_.push_back(node);
}

/// Under the peer that its key proved, or that we expect.
void session_table::index(const node_id& node, entry& its) {
  const auto& s = its.remote->end_to_end();
  const auto& peer = s.peer() ? s.peer() : s.expected();
  if (!peer || its.peer) return;
  its.peer = peer;
  index_.add(*peer, node);
}

void session_table::rearm(const node_id& node, entry& its) {
  auto due = its.remote->poll_timeout();
  const auto sooner = [&due](const std::optional<instant>& t) {
    if (t && (!due || *t < *due)) due = t;
  };
  if (its.remote->flow()) sooner(its.remote->flow()->used + flow_idle_time);
  if (!its.remote->current_path()) sooner(its.choice.poll_timeout());
  timers_.set(its.timer, node, due);
  if (its.remote->is_ticking())
    ticking_.insert(node);
  else
    ticking_.erase(node);
}

void session_table::handle_written(const node_id& node) {
  if (const auto found = all_.find(node); found != all_.end()) rearm(node, found->second);
}

void session_table::leave_link(const node_id& node, const entry& its) {
  if (const auto& in_use = its.remote->current_path()) index_.remove(in_use->link, node);
}

void session_table::end_flow(entry& its) {
  if (const auto ended = its.remote->end_flow()) ended_flows_.push_back(*ended);
}

// ---- outputs

std::optional<instant> session_table::poll_timeout() const {
  const auto due = timers_.next(), retry = retries_.next();
  return due && retry ? std::min(*due, *retry) : due ? due : retry;
}

// ---- queries

remote* session_table::find(const node_id& node) {
  const auto found = all_.find(node);
  return found == all_.end() ? nullptr : found->second.remote.get();
}

const remote* session_table::find(const node_id& node) const {
  const auto found = all_.find(node);
  return found == all_.end() ? nullptr : found->second.remote.get();
}

bool session_table::keeps(const node_id& node, const std::optional<path>& best) const {
  const auto& its = all_.at(node);
  return best && its.remote->current_path() == best && !its.choice.doubts(*best);
}

mux* session_table::streams(const node_id& node) {
  auto* r = find(node);
  return r == nullptr ? nullptr : r->streams();
}

std::vector<node_id> session_table::nodes() const {
  std::vector<node_id> all;
  for (const auto& [node, its] : all_) all.push_back(node);
  return all;
}

}  // namespace gof::core
