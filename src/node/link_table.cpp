#include "node/link_table.hpp"

#include "mesh/label.hpp"
#include "wire/link_control.hpp"

#include <algorithm>
#include <utility>

namespace gof::core {

using wire::reason;

link_table::link_table(const secure::identity& self, const instance_id& instance, const node_id& node,
                       const std::optional<secure::secret32>& key, random_source& random)
    : self_(self), instance_(instance), node_(node), key_(key), random_(random) {}

// ---- inputs

std::optional<link_id> link_table::accept(instant now, const std::string& source) {
  if (!key_) return std::nullopt;
  const auto id = link_id{next_++};
  if (const auto victim = door_.enter(id, source)) {
    events_.push_back(knocked{*victim});
    close(*victim, reason::busy);
  }
  auto& made = entries_[id];
  made.address = source;
  made.link.emplace(now, self_, instance_, *key_, random_);
  settle(id, made);
  return id;
}

link_id link_table::add_dial(dial_number whose, std::string address) {
  const auto id = link_id{next_++};
  auto& made = entries_[id];
  made.dial = whose;
  made.address = std::move(address);
  return id;
}

void link_table::handle_connected(instant now, link_id id, const link_credentials& with) {
  auto& its = entries_.at(id);
  its.link.emplace(now, self_, instance_, with, random_);
  settle(id, its);
}

void link_table::handle_bytes(instant now, link_id id, mutable_bytes data) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.gone || !found->second.link) return;
  auto& its = found->second;
  its.link->handle_bytes(now, data);
  if (!its.admitted && !its.dial) {
    const auto guest = its.link->claimed();
    const auto grant = guest ? std::optional(guest->grant) : std::nullopt;
    its.link->refuse_with(door_.verdict(now, its.address, grant));
  }
  heard_.push_back(id);
}

void link_table::handle_closed(instant, link_id id, const std::string& failure) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.gone || !found->second.link) return;
  found->second.link->handle_closed(failure);
  heard_.push_back(id);
}

std::size_t link_table::handle_path(link_id id, const output_limit::path& now) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || !found->second.link) return output_limit::most;
  found->second.link->handle_path(now);
  return found->second.link->output_limit().bytes();
}

void link_table::handle_timeout(instant now) {
  while (const auto id = timers_.poll(now)) {
    auto& its = entries_.at(*id);
    its.timer.reset();
    its.link->handle_timeout(now);
    heard_.push_back(*id);
  }
}

void link_table::forget(link_id id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  leave(id, found->second);
  timers_.set(found->second.timer, id, std::nullopt);
  entries_.erase(found);
}

// ---- commands

std::optional<link::claim> link_table::claimed(link_id id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return std::nullopt;
  auto& its = found->second;
  if (its.gone || !its.link || its.dial || its.admitted) return std::nullopt;
  return its.link->claimed();
}

void link_table::close(link_id id, reason why, const std::string& detail) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.gone) return;
  if (found->second.link) found->second.link->close(why);
  events_.push_back(end(id, {why, false, false, detail}));
}

void link_table::introduce(link_id id) {
  auto& its = entries_.at(id);
  const auto node = its.up->node;
  its.introduced = true;
  its.label = label_of(node_, node, labels_);
  labels_.insert(its.label);
  by_label_.emplace(its.label, id);
  by_node_[node].push_back(id);
  by_peer_.emplace(its.up->peer, id);
  send(id, wire::frame_type::label, wire::label{its.label}.encode());
}

bool link_table::handle_label(link_id id, const_bytes body) {
  auto& its = entries_.at(id);
  const auto heard = wire::label::decode(body);
  if (!heard || its.labelled) return false;
  its.labelled = true;
  its.their_label = heard->number;
  return true;
}

void link_table::send(link_id id, wire::frame_type type, const_bytes body) {
  auto& its = entries_.at(id);
  if (!its.stands()) return;
  its.link->send(type, body);
  settle(id, its);
  if (its.link->is_stalled()) close(id, reason::busy);
}

mutable_bytes link_table::append_packet(instant now, link_id id, wire::frame_type type,
                                        const wire::packet& head, std::size_t size) {
  return entries_.at(id).link->append_packet(now, type, head, size);
}

void link_table::append_packet(instant now, link_id id, wire::frame_type type, const wire::packet& head,
                               const_bytes payload) {
  entries_.at(id).link->append_packet(now, type, head, payload);
}

void link_table::doubt(instant now, std::optional<link_id> path) {
  for (const auto& [label, id] : by_label_) {
    auto& its = entries_.at(id);
    if (its.is_guests() && id != path) continue;  // no path continues through a guest
    its.link->doubt(now);
    settle(id, its);
  }
}

void link_table::mark_ready(link_id id) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || std::exchange(found->second.ready, true)) return;
  ready_.push_back(id);
}

/// For all that may have changed a link's deadline, or given it something to send.
void link_table::settle(link_id id, entry& its) {
  timers_.set(its.timer, id, its.link && !its.gone ? its.link->poll_timeout() : std::nullopt);
  mark_ready(id);
}

// ---- outputs

std::optional<link_table::event> link_table::poll_event(instant now) {
  while (events_.empty() && !heard_.empty()) {
    if (auto e = poll(now, heard_.front())) return e;
    heard_.pop_front();
  }
  if (events_.empty()) return std::nullopt;
  auto e = std::move(events_.front());
  events_.pop_front();
  return e;
}

std::optional<link_table::event> link_table::poll(instant now, link_id id) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.gone || !found->second.link) return std::nullopt;
  auto& its = found->second;
  auto e = its.link->poll_event(now);
  if (!its.admitted && its.link->is_admitted()) {
    its.admitted = true;
    if (!its.dial) door_.admit(now, id, its.address, its.link->shown_grant());
  }
  if (!e) {
    settle(id, its);
    const auto round_trip = its.stands() ? its.link->round_trip() : std::nullopt;
    if (!round_trip || round_trip == its.measured) return std::nullopt;
    its.measured = round_trip;
    return measured{id, *round_trip};
  }
  if (auto* up = std::get_if<link::up>(&*e)) {
    door_.leave(id);
    if (up->node == node_) {  // it is an address of this node
      its.link->close(reason::superseded);
      return end(id, {reason::superseded, false, false, "closed here"});
    }
    its.up = *up;
    return came_up{id};
  }
  if (auto* in = std::get_if<link::received>(&*e)) return packet{id, std::move(*in)};
  if (auto* heard = std::get_if<link::notice>(&*e)) return notice{id, *heard};
  return end(id, std::get<link::down>(*e));
}

/// From now on the link is over. What its other side must still receive is sent first.
link_table::event link_table::end(link_id id, const link::down& how) {
  auto& its = entries_.at(id);
  door_.leave(id);
  leave(id, its);
  its.gone = true;
  its.unheard = !its.dial && !its.admitted && how.why != reason::protocol;
  if (how.stranger) events_.push_back(knocked{id});
  const bool dialled = its.dial.has_value();
  settle(id, its);
  return went_down{id, how.why, how.told, its.told, dialled ? its.address + ": " + how.detail : how.detail};
}

void link_table::leave(link_id id, entry& its) {
  if (!std::exchange(its.introduced, false)) return;
  labels_.erase(its.label);
  by_label_.erase(its.label);
  const auto there = by_node_.find(its.up->node);
  std::erase(there->second, id);
  if (there->second.empty()) by_node_.erase(there);
  const auto [first, last] = by_peer_.equal_range(its.up->peer);
  for (auto one = first; one != last; ++one) {
    if (one->second != id) continue;
    by_peer_.erase(one);
    break;
  }
}

std::optional<link_id> link_table::poll_ready() {
  while (!ready_.empty()) {
    const auto id = ready_.front();
    ready_.pop_front();
    const auto found = entries_.find(id);
    if (found == entries_.end()) continue;
    found->second.ready = false;
    return id;
  }
  return std::nullopt;
}

buffer link_table::poll_transmit(link_id id) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || !found->second.link) return {};
  return found->second.link->poll_transmit();
}

// ---- queries

const link_table::entry* link_table::find(link_id id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

bool link_table::stands(link_id id) const {
  const auto* its = find(id);
  return its != nullptr && its->stands();
}

std::optional<link_id> link_table::to(const node_id& node) const {
  const auto found = by_node_.find(node);
  return found == by_node_.end() ? std::nullopt : std::optional(found->second.front());
}

std::optional<link_id> link_table::labelled(std::uint16_t label) const {
  const auto found = by_label_.find(label);
  return found == by_label_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<link_id> link_table::surplus(link_id newcomer) const {
  const auto& fresh = entries_.at(newcomer);
  const auto& same = by_node_.at(fresh.up->node);
  if (same.size() < 2) return std::nullopt;
  const auto older = same[same.size() - 2];
  const bool ours_fresh = fresh.dial.has_value();
  const bool ours_older = entries_.at(older).dial.has_value();
  if (ours_fresh != ours_older) return ours_older == (node_ < fresh.up->node) ? newcomer : older;
  if (ours_fresh) return newcomer;
  return same.size() > 2 ? std::optional(same.front()) : std::nullopt;
}

std::vector<node_id> link_table::nodes_of(const peer_id& peer) const {
  std::vector<node_id> all;
  const auto [first, last] = by_peer_.equal_range(peer);
  for (auto one = first; one != last; ++one) {
    const auto& its = entries_.at(one->second);
    const bool known = std::find(all.begin(), all.end(), its.up->node) != all.end();
    if (!known && !its.is_guests()) all.push_back(its.up->node);
  }
  return all;
}

}  // namespace gof::core
