#include "mesh/record_store.hpp"

#include "secure/derive.hpp"
#include "secure/signature.hpp"

#include <algorithm>

namespace gof::core {
namespace {

std::size_t index_of(wire::record_part part) {
  return part == wire::record_part::links ? 0 : 1;
}

/// Decodes the record's body by its part; false: malformed.
bool read_body(const wire::record& from, record_store::entry& to) {
  if (from.part == wire::record_part::links)
    to.links = wire::record_links::decode(from.body);
  else
    to.profile = wire::record_profile::decode(from.body);
  return to.links || to.profile;
}

}  // namespace

std::uint32_t record_store::entry::remaining(instant now) const {
  if (now >= expires) return 0;
  return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(expires - now).count());
}

record_store::outcome record_store::accept(instant now, const_bytes whole, std::uint32_t remaining,
                                           rate_limit& verifications) {
  outcome o;
  const auto r = wire::record::decode(whole);
  if (!r) return o;
  o.name = {secure::node_of(r->peer, r->instance), r->part};
  o.seq = r->seq;
  const auto with = [&o](record_verdict v) {
    o.verdict = v;
    return o;
  };
  if (!is_newer(o.name, r->seq)) return with(record_verdict::old);
  const auto lifetime = std::chrono::seconds(std::min(r->lifetime, remaining));
  if (lifetime == lifetime.zero()) return with(record_verdict::expired);
  if (!room_for(o.name)) return with(record_verdict::full);
  entry read;
  if (!read_body(*r, read)) return with(record_verdict::malformed);
  if (!verifications.take(now)) return with(record_verdict::postponed);
  if (!secure::verify(r->peer, wire::record::signature_label, r->signed_part(), r->signature))
    return with(record_verdict::forged);
  o.changed = store(now + lifetime, *r, whole, read);
  return with(record_verdict::fresh);
}

void record_store::keep(instant now, const wire::record& own) {
  entry read;
  read_body(own, read);
  store(now + std::chrono::seconds(own.lifetime), own, own.encode(), read);
}

/// Returns whether the content differs from the last record.
bool record_store::store(instant expires, const wire::record& from, const_bytes whole, entry& read) {
  const wire::record_name name{secure::node_of(from.peer, from.instance), from.part};
  read.peer = from.peer;
  read.seq = from.seq;
  read.expires = expires;
  read.whole.assign(whole.begin(), whole.end());
  look_at_ = std::min(look_at_.value_or(expires), expires);
  forgotten_.erase(name);
  const auto [at, added] = entries_.try_emplace(name);
  if (added && name.part == wire::record_part::links) nodes_[read.peer].insert(name.node);
  if (added) by_node_[name.node][index_of(name.part)] = &at->second;
  const bool changed = added || at->second.links != read.links || at->second.profile != read.profile;
  at->second = std::move(read);
  return changed;
}

bool record_store::is_newer(const wire::record_name& name, std::uint64_t seq) const {
  if (name.node == own_ || seq == wire::record::no_seq)
    return false;  // our own, which comes back from neighbours, is not news
  if (const auto* held = find(name)) return seq > held->seq;
  const auto at = forgotten_.find(name);
  return at == forgotten_.end() || seq > at->second;
}

bool record_store::room_for(const wire::record_name& name) const {
  return entries_.size() < most_records || find(name) != nullptr;
}

std::vector<wire::record_name> record_store::handle_timeout(instant now) {
  std::vector<wire::record_name> over;
  if (!look_at_ || now < *look_at_) return over;
  for (auto at = entries_.begin(); at != entries_.end();) {
    if (at->second.expires > now) {
      ++at;
      continue;
    }
    over.push_back(at->first);
    forget(now, at->first, at->second.seq);
    leave(at->first, at->second);
    at = entries_.erase(at);
  }
  while (!forgetting_.empty() && forgetting_.front().until <= now) drop_oldest_trace();
  look_again();
  return over;
}

void record_store::forget(instant now, const wire::record_name& name, std::uint64_t seq) {
  if (forgetting_.size() >= most_forgotten) drop_oldest_trace();
  forgotten_[name] = seq;
  forgetting_.push_back({name, now + remembered});
}

void record_store::drop_oldest_trace() {
  // A name that expired twice has two entries. Its number may then be forgotten up to an hour early.
  forgotten_.erase(forgetting_.front().name);
  forgetting_.pop_front();
}

void record_store::look_again() {
  look_at_.reset();
  const auto by = [this](instant t) { look_at_ = std::min(look_at_.value_or(t), t); };
  for (const auto& [name, held] : entries_) by(held.expires);
  if (!forgetting_.empty()) by(forgetting_.front().until);
}

std::optional<instant> record_store::poll_timeout() const {
  return look_at_;
}

const record_store::entry* record_store::find(const wire::record_name& name) const {
  const auto at = by_node_.find(name.node);
  return at == by_node_.end() ? nullptr : at->second[index_of(name.part)];
}

const wire::record_links* record_store::links_of(const node_id& node) const {
  const auto* held = find({node, wire::record_part::links});
  return held ? &*held->links : nullptr;
}

const wire::record_profile* record_store::profile_of(const node_id& node) const {
  const auto* held = find({node, wire::record_part::profile});
  return held ? &*held->profile : nullptr;
}

std::optional<node_id> record_store::node_after(const std::optional<node_id>& node) const {
  const auto at = node ? entries_.upper_bound({*node, wire::record_part::profile}) : entries_.begin();
  return at == entries_.end() ? std::nullopt : std::optional(at->first.node);
}

const std::set<node_id>& record_store::nodes_of(const peer_id& peer) const {
  static const std::set<node_id> none;
  const auto found = nodes_.find(peer);
  return found == nodes_.end() ? none : found->second;
}

void record_store::leave(const wire::record_name& name, const entry& its) {
  const auto at = by_node_.find(name.node);
  at->second[index_of(name.part)] = nullptr;
  if (at->second == of_node{}) by_node_.erase(at);
  if (name.part != wire::record_part::links) return;
  const auto found = nodes_.find(its.peer);
  found->second.erase(name.node);
  if (found->second.empty()) nodes_.erase(found);
}

std::optional<peer_id> record_store::peer_of(const node_id& node) const {
  const auto* held = find({node, wire::record_part::links});
  if (!held) held = find({node, wire::record_part::profile});
  return held ? std::optional(held->peer) : std::nullopt;
}

}  // namespace gof::core
