#include "node/flow_table.hpp"

#include <algorithm>

namespace gof::core {

using wire::frame_type;

namespace {

/// Generations wrap: newer is less than half a round ahead.
bool newer(std::uint16_t one, std::uint16_t than) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(one - than)) > 0;
}

/// Those whose key begins with this link.
template <class Map>
auto of_link(Map& all, link_id link) {
  const auto next = link_id{static_cast<std::uint64_t>(link) + 1};
  return std::pair(all.lower_bound({link, {}}), all.lower_bound({next, {}}));
}

std::size_t cost_of(const flow_table::waiting& control) {
  return std::max(control.payload.size(), flow_table::least_control);
}

}  // namespace

// ---- coming in

flow_table::verdict flow_table::admit(instant now, link_id from, const wire::flow& id) {
  auto& over = ended_[from];
  const auto last = over.find({id.source, id.destination});
  if (last != over.end()) {
    if (now - last->second.when < ended_time && !newer(id.generation, last->second.generation))
      return verdict::ended;
    over.erase(last);
  }
  auto& in = inlets_[from];
  if (in.flows >= most_flows) return verdict::busy;
  ++in.flows;
  return verdict::taken;
}

inflow_credit flow_table::first_credit(link_id from) {
  auto& in = inlets_[from];
  const bool measured = in.round_trip != duration::max();
  const bool wide = measured && in.round_trip >= inflow_credit::far && in.windows <= many_windows;
  inflow_credit begun(wide ? inflow_credit::far_window_at_first : inflow_credit::first_window);
  in.windows += begun.window();
  return begun;
}

void flow_table::grant(link_id from, const wire::flow& id, inflow_credit& credit) {
  auto& in = inlets_[from];
  const auto before = credit.window();
  const auto most =
      in.round_trip < inflow_credit::far ? inflow_credit::near_window : inflow_credit::most_window;
  const bool may_grow = in.windows + before <= most_window;
  const auto limit = credit.poll_grant(may_grow ? most : std::min(most, before));
  in.windows = in.windows - before + credit.window();
  if (limit) tell(from, frame_type::hop_credit, wire::hop_credit{id, *limit}.encode());
}

/// A flow that came by `from` is over: late packets of it must not begin it again.
void flow_table::leave(instant now, link_id from, const wire::flow& id, const inflow_credit& credit) {
  auto& in = inlets_[from];
  in.windows -= credit.window();
  --in.flows;
  auto& over = ended_[from];
  if (over.size() >= most_ended) over.erase(over.begin());
  over[{id.source, id.destination}] = {id.generation, now};
}

flow_table::verdict flow_table::arrive(instant now, link_id from, const wire::flow& id, std::size_t size) {
  auto found = arrivals_.find({from, id});
  if (found == arrivals_.end()) {
    if (const auto v = admit(now, from, id); v != verdict::taken) return v;
    found = arrivals_.emplace(key{from, id}, first_credit(from)).first;
  }
  if (!found->second.take(size)) return verdict::beyond;
  found->second.release(size);
  grant(from, id, found->second);
  return verdict::taken;
}

flow_table::verdict flow_table::pass(instant now, link_id from, link_id to, waiting packet) {
  const auto id = flow_of(packet.head);
  auto found = passages_.find({from, id});
  if (found == passages_.end()) {
    if (upstream_.contains({to, id})) return verdict::busy;
    if (const auto v = admit(now, from, id); v != verdict::taken) return v;
    found = passages_.emplace(key{from, id}, passage()).first;
    found->second.to = to;
    found->second.in = first_credit(from);
    upstream_.emplace(key{to, id}, from);
  }
  auto& p = found->second;
  if (p.to != to || p.closing) return verdict::ended;
  const auto size = packet.payload.size();
  if (!p.in.take(size)) return verdict::beyond;
  if (p.queue.empty()) turns_[to].push_back(found->first);
  held_ += size;
  p.queue.push_back(std::move(packet));
  return verdict::taken;
}

void flow_table::refuse(link_id from, const wire::flow& id, wire::reason why) {
  tell(from, frame_type::flow_reset, wire::flow_reset{id, why}.encode());
}

bool flow_table::pass_at_once(link_id from, link_id to, const wire::packet& head, std::size_t size) {
  const auto id = flow_of(head);
  const auto found = passages_.find({from, id});
  const auto own = own_.lower_bound({to, {}});
  const bool alone = waiting_flows(to) == 0 && (own == own_.end() || own->first.first != to);
  if (found == passages_.end() || !alone) return false;  // others have their turn
  auto& p = found->second;
  if (p.to != to || p.closing || !p.queue.empty() || !p.out.covers(size) || !p.in.take(size)) return false;
  p.out.count(size);
  p.in.release(size);
  grant(from, id, p.in);
  return true;
}

void flow_table::pass_control(link_id to, waiting packet) {
  if (packet.payload.size() > most_control) return;
  auto& c = controls_[to];
  const pair_of_nodes pair{packet.head.source, packet.head.destination};
  auto& q = c.queues[pair];
  if (q.packets.empty()) c.turns.push_back(pair);
  const auto cost = cost_of(packet);
  q.held += cost;
  c.held += cost;
  held_ += packet.payload.size();
  q.packets.push_back(std::move(packet));
  while (q.held > most_control) drop_oldest(q, c);
  while (c.queues.size() > most_control_pairs || c.held > most_link_control) {
    const auto victim = c.queues.find(c.turns.front());
    c.turns.pop_front();
    while (!victim->second.packets.empty()) drop_oldest(victim->second, c);
    c.queues.erase(victim);
  }
}

void flow_table::drop_oldest(control_queue& q, controls& of) {
  const auto cost = cost_of(q.packets.front());
  q.held -= cost;
  of.held -= cost;
  held_ -= q.packets.front().payload.size();
  q.packets.pop_front();
}

// ---- going out

std::optional<flow_table::waiting> flow_table::poll_control(link_id to) {
  const auto found = controls_.find(to);
  if (found == controls_.end() || found->second.turns.empty()) return std::nullopt;
  auto& c = found->second;
  const auto pair = c.turns.front();
  c.turns.pop_front();
  const auto its = c.queues.find(pair);
  auto next = std::move(its->second.packets.front());
  its->second.packets.pop_front();
  its->second.held -= cost_of(next);
  c.held -= cost_of(next);
  held_ -= next.payload.size();
  if (its->second.packets.empty())
    c.queues.erase(its);
  else
    c.turns.push_back(pair);
  return next;
}

std::optional<flow_table::waiting> flow_table::poll_data(link_id to) {
  const auto turn = turns_.find(to);
  if (turn == turns_.end()) return std::nullopt;
  auto& order = turn->second;
  while (!order.empty()) {
    const key which = order.front();
    const auto found = passages_.find(which);
    if (found == passages_.end() || found->second.queue.empty()) {
      order.pop_front();
      continue;
    }
    auto& p = found->second;
    const bool covered = p.out.covers(p.queue.front().payload.size());
    if (covered && p.share.begin()) return take(order, which, p);
    order.pop_front();
    if (covered) {
      order.push_back(which);
      continue;
    }
    p.share.run_dry();
    p.parked = true;
    tell_blocked({to, which.second}, p.out);
  }
  return std::nullopt;
}

/// It stays the first until its share is used up.
flow_table::waiting flow_table::take(std::deque<key>& order, const key& which, passage& p) {
  auto next = std::move(p.queue.front());
  p.queue.pop_front();
  const auto size = next.payload.size();
  held_ -= size;
  if (p.orphan != 0) orphaned_ -= size;
  p.out.count(size);
  p.in.release(size);
  p.share.count(size);
  if (!p.resetting) grant(which.first, which.second, p.in);
  if (p.queue.empty()) p.share.run_dry();
  if (p.queue.empty() || !p.share.lasts()) order.pop_front();
  if (!p.queue.empty() && !p.share.lasts()) order.push_back(which);
  if (p.queue.empty() && p.closing) finish(which);
  return next;
}

bool flow_table::passes_by(link_id link) const {
  const auto [first, last] = of_link(passages_, link);
  const auto [first_on, last_on] = of_link(upstream_, link);
  return first != last || first_on != last_on;
}

std::size_t flow_table::waiting_flows(link_id to) const {
  const auto turn = turns_.find(to);
  return turn == turns_.end() ? 0 : turn->second.size();
}

/// All that a flow held is out, and its end has come behind it.
void flow_table::finish(const key& which) {
  const auto found = passages_.find(which);
  auto& p = found->second;
  disown(p);
  if (p.resetting)
    tell(p.to, frame_type::flow_reset, wire::flow_reset{which.second, *p.resetting}.encode());
  else
    tell(p.to, frame_type::flow_close, wire::flow_close{which.second}.encode());
  upstream_.erase({p.to, which.second});
  if (!p.resetting) {
    auto& in = inlets_[which.first];
    in.windows -= p.in.window();
    --in.flows;
  }
  passages_.erase(found);
}

/// The way on is gone, and what waited with it.
void flow_table::drop(instant now, const key which, std::optional<wire::reason> told_upstream) {
  const auto found = passages_.find(which);
  auto& p = found->second;
  disown(p);
  held_ -= p.in.held();
  if (!p.resetting) {
    if (told_upstream)
      tell(which.first, frame_type::flow_reset, wire::flow_reset{which.second, *told_upstream}.encode());
    leave(now, which.first, which.second, p.in);
  }
  upstream_.erase({p.to, which.second});
  passages_.erase(found);
}

/// Nothing more comes of it. What waits goes first, within bounds.
void flow_table::reset_behind(instant now, const key& which, wire::reason why) {
  auto& p = passages_.at(which);
  p.resetting = why;
  p.closing = true;
  if (p.queue.empty()) return finish(which);
  p.orphan = next_orphan_++;
  p.orphan_until = now + orphan_time;
  orphans_.emplace(p.orphan, which);
  orphaned_ += p.in.held();
  while (orphaned_ > most_orphaned || orphans_.size() > most_orphans) drop_orphan(orphans_.begin()->second);
}

void flow_table::disown(passage& p) {
  if (p.orphan == 0) return;
  orphans_.erase(std::exchange(p.orphan, 0));
  orphaned_ -= p.in.held();
}

/// The next node is told if it knows of the flow: else who makes and resets flows could fill its link.
void flow_table::drop_orphan(const key which) {
  const auto& p = passages_.at(which);
  if (p.out.began())
    tell(p.to, frame_type::flow_reset, wire::flow_reset{which.second, *p.resetting}.encode());
  auto& order = turns_[p.to];
  order.erase(std::remove(order.begin(), order.end(), which), order.end());
  drop({}, which, std::nullopt);
}

void flow_table::handle_round_trip(link_id link, duration measured) {
  auto& least = inlets_[link].round_trip;
  least = std::min(least, measured);
}

void flow_table::handle_timeout(instant now) {
  while (!orphans_.empty()) {
    const auto oldest = orphans_.begin()->second;
    if (now < passages_.at(oldest).orphan_until) return;
    drop_orphan(oldest);
  }
}

std::optional<instant> flow_table::poll_timeout() const {
  if (orphans_.empty()) return std::nullopt;
  return passages_.at(orphans_.begin()->second).orphan_until;
}

// ---- our own

wire::flow flow_table::begin(link_id to, const node_id& source, const node_id& destination) {
  const wire::flow made{source, destination, ++generation_};
  own_.emplace(key{to, made}, outflow_credit());
  return made;
}

bool flow_table::covers(link_id to, const wire::flow& id, std::size_t size) {
  const auto found = own_.find({to, id});
  if (found == own_.end()) return false;
  if (found->second.covers(size)) return true;
  tell_blocked(found->first, found->second);
  return false;
}

void flow_table::count(link_id to, const wire::flow& id, std::size_t size) {
  own_.at({to, id}).count(size);
}

void flow_table::end(link_id to, const wire::flow& id) {
  if (own_.erase({to, id}) > 0) tell(to, frame_type::flow_close, wire::flow_close{id}.encode());
}

// ---- what links bring

void flow_table::handle_credit(link_id from, const wire::hop_credit& heard) {
  if (const auto own = own_.find({from, heard.flow}); own != own_.end())
    return own->second.raise(heard.limit);
  const auto up = upstream_.find({from, heard.flow});
  if (up == upstream_.end()) return;
  auto& p = passages_.at({up->second, heard.flow});
  p.out.raise(heard.limit);
  if (!p.parked || !p.out.covers(p.queue.front().payload.size())) return;
  p.parked = false;
  turns_[from].emplace_back(up->second, heard.flow);
}

void flow_table::tell_blocked(const key& which, outflow_credit& credit) {
  if (credit.note_blocked())
    tell(which.first, frame_type::flow_blocked, wire::flow_blocked{which.second}.encode());
}

/// It counts when the next grant is looked at: what waits here says whether more would help.
void flow_table::handle_blocked(link_id from, const wire::flow& id) {
  if (const auto here = arrivals_.find({from, id}); here != arrivals_.end())
    here->second.handle_blocked();
  else if (const auto passed = passages_.find({from, id}); passed != passages_.end())
    passed->second.in.handle_blocked();
}

void flow_table::handle_close(instant now, link_id from, const wire::flow& id) {
  if (const auto here = arrivals_.find({from, id}); here != arrivals_.end()) {
    leave(now, from, id, here->second);
    arrivals_.erase(here);
    return;
  }
  const auto found = passages_.find({from, id});
  if (found == passages_.end()) return;
  found->second.closing = true;
  if (found->second.queue.empty()) finish(found->first);
}

void flow_table::handle_reset(instant now, link_id from, const wire::flow_reset& heard) {
  const key which{from, heard.flow};
  if (const auto here = arrivals_.find(which); here != arrivals_.end()) {
    leave(now, from, heard.flow, here->second);
    arrivals_.erase(here);
    lost_.push_back(heard.flow);
  } else if (own_.erase(which) > 0) {
    lost_.push_back(heard.flow);
  } else if (const auto up = upstream_.find(which); up != upstream_.end()) {
    drop(now, {up->second, heard.flow}, heard.why);
  } else if (const auto found = passages_.find(which); found != passages_.end()) {
    if (found->second.resetting) return;
    leave(now, from, heard.flow, found->second.in);
    reset_behind(now, which, heard.why);
  }
}

void flow_table::handle_link_down(instant now, link_id link) {
  std::vector<key> before, behind;
  const auto [first, last] = of_link(passages_, link);
  for (auto p = first; p != last; ++p) before.push_back(p->first);
  const auto [first_on, last_on] = of_link(upstream_, link);
  for (auto up = first_on; up != last_on; ++up) behind.emplace_back(up->second, up->first.second);
  for (const auto& which : behind) drop(now, which, wire::reason::none);
  for (const auto& which : before)  // one may have been dropped for another
    if (const auto p = passages_.find(which); p != passages_.end() && !p->second.resetting)
      reset_behind(now, which, wire::reason::none);
  const auto [first_here, last_here] = of_link(arrivals_, link);
  arrivals_.erase(first_here, last_here);
  const auto [first_own, last_own] = of_link(own_, link);
  for (auto one = first_own; one != last_own; ++one) lost_.push_back(one->first.second);
  own_.erase(first_own, last_own);
  std::erase_if(messages_, [&](const message& m) { return m.link == link; });
  if (const auto c = controls_.find(link); c != controls_.end()) {
    for (const auto& [pair, q] : c->second.queues)
      for (const auto& packet : q.packets) held_ -= packet.payload.size();
    controls_.erase(c);
  }
  turns_.erase(link);
  ended_.erase(link);
  inlets_.erase(link);
}

std::size_t flow_table::held_limit() const {
  std::uint64_t granted = 0, orphaned = 0, uncredited = 0;
  for (const auto& [which, p] : passages_) (p.orphan == 0 ? granted : orphaned) += p.in.may_hold();
  for (const auto& [link, c] : controls_)
    uncredited += std::min(c.queues.size() * most_control, most_link_control);
  return granted + std::min(orphaned, most_orphaned) + uncredited;
}

std::optional<flow_table::message> flow_table::poll_message() {
  if (messages_.empty()) return std::nullopt;
  auto next = std::move(messages_.front());
  messages_.pop_front();
  return next;
}

std::optional<wire::flow> flow_table::poll_lost() {
  if (lost_.empty()) return std::nullopt;
  const auto next = lost_.front();
  lost_.pop_front();
  return next;
}

}  // namespace gof::core
