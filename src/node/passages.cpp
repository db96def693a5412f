#include "node/passages.hpp"

#include <algorithm>
#include <utility>

namespace gof::core {

using wire::frame_type;

// ---- in

passages::verdict passages::look(link_id from, link_id to, const wire::flow& id) const {
  const auto found = all_.find({from, id});
  if (found == all_.end()) return upstream_.contains({to, id}) ? verdict::busy : verdict::sound;
  return found->second.to == to && !found->second.closing ? verdict::sound : verdict::ended;
}

void passages::push(link_id from, link_id to, waiting_packet packet) {
  const flow_key which{from, flow_of(packet.head)};
  const auto [found, begun] = all_.try_emplace(which);
  auto& p = found->second;
  if (begun) {
    p.to = to;
    upstream_.emplace(flow_key{to, which.second}, from);
  }
  if (p.queue.empty()) turns_[to].push_back(which);
  p.held += packet.payload.size();
  held_ += packet.payload.size();
  p.queue.push_back(std::move(packet));
}

bool passages::may_pass_at_once(link_id from, link_id to, const wire::flow& id, std::size_t size) const {
  if (waiting(to) > 0) return false;
  const auto found = all_.find({from, id});
  if (found == all_.end()) return false;
  const auto& p = found->second;
  return p.to == to && !p.closing && p.queue.empty() && p.credit.covers(size);
}

// ---- out

std::optional<passages::passed> passages::poll(link_id to) {
  const auto turn = turns_.find(to);
  if (turn == turns_.end()) return std::nullopt;
  auto& order = turn->second;
  while (!order.empty()) {
    const auto which = order.front();
    const auto found = all_.find(which);
    if (found == all_.end() || found->second.queue.empty()) {
      order.pop_front();
      continue;
    }
    auto& p = found->second;
    const bool covered = p.credit.covers(p.queue.front().payload.size());
    if (covered && p.share.begin()) return take(order, which, p);
    order.pop_front();
    if (covered) {
      order.push_back(which);
      continue;
    }
    p.share.run_dry();
    p.parked = true;
    if (p.credit.note_blocked())
      messages_.push_back({to, frame_type::flow_blocked, wire::flow_blocked{which.second}.encode()});
  }
  return std::nullopt;
}

/// Its flow stays first until its share is used up.
passages::passed passages::take(std::deque<flow_key>& order, const flow_key& which, passage& p) {
  passed next{std::move(p.queue.front()), which.first, p.resetting.has_value(), false};
  p.queue.pop_front();
  const auto size = next.packet.payload.size();
  p.held -= size;
  held_ -= size;
  if (p.orphan != 0) orphaned_ -= size;
  p.credit.count(size);
  p.share.count(size);
  if (p.queue.empty()) p.share.run_dry();
  if (p.queue.empty() || !p.share.lasts()) order.pop_front();
  if (!p.queue.empty() && !p.share.lasts()) order.push_back(which);
  next.last = p.queue.empty() && p.closing;
  if (next.last) finish(which);
  return next;
}

/// All that it held was sent, and its end follows.
void passages::finish(const flow_key& which) {
  const auto& p = all_.at(which);
  const auto& id = which.second;
  if (p.resetting)
    messages_.push_back({p.to, frame_type::flow_reset, wire::flow_reset{id, *p.resetting}.encode()});
  else
    messages_.push_back({p.to, frame_type::flow_close, wire::flow_close{id}.encode()});
  drop(which);
}

void passages::drop(const flow_key& which) {
  const auto found = all_.find(which);
  auto& p = found->second;
  if (p.orphan != 0) {
    orphans_.erase(p.orphan);
    orphaned_ -= p.held;
  }
  held_ -= p.held;
  upstream_.erase({p.to, which.second});
  all_.erase(found);
}

// ---- what arrives on links

bool passages::handle_credit(link_id to, const wire::flow& id, std::uint64_t limit) {
  const auto up = upstream_.find({to, id});
  if (up == upstream_.end()) return false;
  auto& p = all_.at({up->second, id});
  p.credit.raise(limit);
  if (!p.parked || !p.credit.covers(p.queue.front().payload.size())) return true;
  p.parked = false;
  turns_[to].emplace_back(up->second, id);
  return true;
}

passages::closing passages::handle_close(link_id from, const wire::flow& id) {
  const flow_key which{from, id};
  const auto found = all_.find(which);
  if (found == all_.end()) return closing::unknown;
  found->second.closing = true;
  if (!found->second.queue.empty()) return closing::waits;
  finish(which);
  return closing::over;
}

bool passages::handle_reset(instant now, link_id from, const wire::flow& id, wire::reason why) {
  const auto found = all_.find({from, id});
  if (found == all_.end() || found->second.resetting) return false;
  reset_after_what_waits(now, found->first, why);
  return true;
}

void passages::reset_after_what_waits(instant now, const flow_key& which, wire::reason why) {
  auto& p = all_.at(which);
  p.resetting = why;
  p.closing = true;
  if (p.queue.empty()) return finish(flow_key(which));
  p.orphan = next_orphan_++;
  p.orphan_until = now + orphan_time;
  orphans_.emplace(p.orphan, which);
  orphaned_ += p.held;
  while (orphaned_ > most_orphaned || orphans_.size() > most_orphans) drop_orphan(orphans_.begin()->second);
}

/// The next node is informed only if it knows of the flow; otherwise making and resetting flows could fill
/// its link. `which` is a copy, since its owner is removed.
void passages::drop_orphan(const flow_key which) {
  const auto& p = all_.at(which);
  if (p.credit.began())
    messages_.push_back(
        {p.to, frame_type::flow_reset, wire::flow_reset{which.second, *p.resetting}.encode()});
  auto& order = turns_[p.to];
  order.erase(std::remove(order.begin(), order.end(), which), order.end());
  drop(which);
}

std::optional<passages::dropped> passages::handle_reset_behind(link_id to, const wire::flow& id) {
  const auto up = upstream_.find({to, id});
  if (up == upstream_.end()) return std::nullopt;
  const flow_key which{up->second, id};
  const dropped gone{which.first, all_.at(which).resetting.has_value()};
  drop(which);
  return gone;
}

std::vector<flow_key> passages::handle_link_down(instant now, link_id link) {
  std::vector<flow_key> behind, before;
  const auto [first_out, last_out] = flows_on(upstream_, link);
  for (auto one = first_out; one != last_out; ++one) behind.emplace_back(one->second, one->first.second);
  std::vector<flow_key> gone;
  for (const auto& which : behind) {
    if (!all_.at(which).resetting) gone.push_back(which);
    drop(which);
  }
  const auto [first, last] = flows_on(all_, link);
  for (auto one = first; one != last; ++one)
    if (!one->second.resetting) before.push_back(one->first);
  for (const auto& which : before)  // one may be dropped as an orphan to make room for another
    if (all_.contains(which)) reset_after_what_waits(now, which, wire::reason::none);
  turns_.erase(link);
  std::erase_if(messages_, [&](const link_message& m) { return m.link == link; });
  return gone;
}

void passages::handle_timeout(instant now) {
  while (!orphans_.empty()) {
    const auto oldest = orphans_.begin()->second;
    if (now < all_.at(oldest).orphan_until) return;
    drop_orphan(oldest);
  }
}

std::optional<instant> passages::poll_timeout() const {
  if (orphans_.empty()) return std::nullopt;
  return all_.at(orphans_.begin()->second).orphan_until;
}

// ---- queries

bool passages::any_on(link_id link) const {
  const auto [first, last] = flows_on(all_, link);
  const auto [first_out, last_out] = flows_on(upstream_, link);
  return first != last || first_out != last_out;
}

std::size_t passages::waiting(link_id to) const {
  const auto turn = turns_.find(to);
  return turn == turns_.end() ? 0 : turn->second.size();
}

std::vector<flow_key> passages::keys() const {
  std::vector<flow_key> all;
  for (const auto& [which, p] : all_) all.push_back(which);
  return all;
}

}  // namespace gof::core
