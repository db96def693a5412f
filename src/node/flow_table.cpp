#include "node/flow_table.hpp"

#include <algorithm>

namespace gof::core {

using wire::frame_type;

namespace {

/// Generations wrap: newer is less than half a round ahead.
bool newer(std::uint16_t one, std::uint16_t than) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(one - than)) > 0;
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
  auto& many = incoming_[from];
  if (many >= most_flows) return verdict::busy;
  ++many;
  windows_[from] += inflow_credit::first_window;
  return verdict::taken;
}

void flow_table::grant(instant now, link_id from, const wire::flow& id, inflow_credit& credit) {
  auto& all = windows_[from];
  const auto before = credit.window();
  const auto known = round_trips_.find(from);
  const auto round_trip = known == round_trips_.end() ? usual_round_trip : known->second;
  const auto limit = credit.poll_grant(now, round_trip, all + before <= most_window);
  all = all - before + credit.window();
  if (limit) tell(from, frame_type::hop_credit, wire::hop_credit{id, *limit}.encode());
}

/// A flow that came by `from` is over: late packets of it must not begin it again.
void flow_table::leave(instant now, link_id from, const wire::flow& id, const inflow_credit& credit) {
  windows_[from] -= credit.window();
  --incoming_[from];
  auto& over = ended_[from];
  if (over.size() >= most_ended) over.erase(over.begin());
  over[{id.source, id.destination}] = {id.generation, now};
}

flow_table::verdict flow_table::arrive(instant now, link_id from, const wire::flow& id, std::size_t size) {
  auto found = arrivals_.find({from, id});
  if (found == arrivals_.end()) {
    if (const auto v = admit(now, from, id); v != verdict::taken) return v;
    found = arrivals_.emplace(key{from, id}, inflow_credit()).first;
  }
  if (!found->second.take(size)) return verdict::beyond;
  found->second.release(size);
  grant(now, from, id, found->second);
  return verdict::taken;
}

flow_table::verdict flow_table::pass(instant now, link_id from, link_id to, waiting packet) {
  const wire::flow id{packet.head.source, packet.head.destination, packet.head.generation};
  auto found = passages_.find({from, id});
  if (found == passages_.end()) {
    if (upstream_.contains({to, id})) return verdict::busy;
    if (const auto v = admit(now, from, id); v != verdict::taken) return v;
    found = passages_.emplace(key{from, id}, passage()).first;
    found->second.to = to;
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

bool flow_table::pass_at_once(instant now, link_id from, link_id to, const wire::packet& head,
                              std::size_t size) {
  const wire::flow id{head.source, head.destination, head.generation};
  const auto found = passages_.find({from, id});
  const auto own = own_.lower_bound({to, {}});
  const bool alone = waiting_flows(to) == 0 && (own == own_.end() || own->first.first != to);
  if (found == passages_.end() || !alone) return false;  // others have their turn
  auto& p = found->second;
  if (p.to != to || p.closing || !p.queue.empty() || !p.out.covers(size) || !p.in.take(size)) return false;
  p.out.count(size);
  p.in.release(size);
  grant(now, from, id, p.in);
  return true;
}

void flow_table::pass_control(link_id to, waiting packet) {
  if (packet.payload.size() > most_control) return;
  auto& c = controls_[to];
  const pair_of_nodes pair{packet.head.source, packet.head.destination};
  auto& q = c.queues[pair];
  if (q.packets.empty()) c.turns.push_back(pair);
  q.held += packet.payload.size();
  held_ += packet.payload.size();
  q.packets.push_back(std::move(packet));
  for (; q.held > most_control; q.packets.pop_front()) {
    q.held -= q.packets.front().payload.size();
    held_ -= q.packets.front().payload.size();
  }
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
  its->second.held -= next.payload.size();
  held_ -= next.payload.size();
  if (its->second.packets.empty())
    c.queues.erase(its);
  else
    c.turns.push_back(pair);
  return next;
}

std::optional<flow_table::waiting> flow_table::poll_data(instant now, link_id to) {
  const auto turn = turns_.find(to);
  if (turn == turns_.end()) return std::nullopt;
  auto& order = turn->second;
  for (std::size_t looked = order.size(); looked > 0; --looked) {
    const key which = order.front();
    order.pop_front();
    const auto found = passages_.find(which);
    if (found == passages_.end() || found->second.queue.empty()) continue;
    auto& p = found->second;
    if (!p.out.covers(p.queue.front().payload.size())) {
      order.push_back(which);
      continue;
    }
    auto next = std::move(p.queue.front());
    p.queue.pop_front();
    const auto size = next.payload.size();
    held_ -= size;
    p.out.count(size);
    p.in.release(size);
    if (!p.resetting) grant(now, which.first, which.second, p.in);
    if (!p.queue.empty())
      order.push_back(which);
    else if (p.closing)
      finish(which);
    return next;
  }
  return std::nullopt;
}

std::size_t flow_table::waiting_flows(link_id to) const {
  const auto turn = turns_.find(to);
  return turn == turns_.end() ? 0 : turn->second.size();
}

/// All that a flow held is out, and its end has come behind it.
void flow_table::finish(const key& which) {
  const auto found = passages_.find(which);
  const auto& p = found->second;
  if (p.resetting)
    tell(p.to, frame_type::flow_reset, wire::flow_reset{which.second, *p.resetting}.encode());
  else
    tell(p.to, frame_type::flow_close, wire::flow_close{which.second}.encode());
  upstream_.erase({p.to, which.second});
  if (!p.resetting) {
    windows_[which.first] -= p.in.window();
    --incoming_[which.first];
  }
  passages_.erase(found);
}

/// The way on is gone, and what waited with it.
void flow_table::drop(instant now, const key& which, std::optional<wire::reason> told_upstream) {
  const auto found = passages_.find(which);
  auto& p = found->second;
  for (const auto& packet : p.queue) held_ -= packet.payload.size();
  if (!p.resetting) {
    if (told_upstream)
      tell(which.first, frame_type::flow_reset, wire::flow_reset{which.second, *told_upstream}.encode());
    leave(now, which.first, which.second, p.in);
  }
  upstream_.erase({p.to, which.second});
  passages_.erase(found);
}

// ---- our own

wire::flow flow_table::begin(link_id to, const node_id& source, const node_id& destination) {
  const wire::flow made{source, destination, ++generation_};
  own_.emplace(key{to, made}, outflow_credit());
  return made;
}

bool flow_table::covers(link_id to, const wire::flow& id, std::size_t size) const {
  const auto found = own_.find({to, id});
  return found != own_.end() && found->second.covers(size);
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
  passages_.at({up->second, heard.flow}).out.raise(heard.limit);
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
    found->second.resetting = heard.why;
    found->second.closing = true;
    if (found->second.queue.empty()) finish(which);
  }
}

void flow_table::handle_link_down(instant now, link_id link) {
  std::vector<key> before, behind;
  for (const auto& [which, p] : passages_) {
    if (p.to == link)
      behind.push_back(which);
    else if (which.first == link)
      before.push_back(which);
  }
  for (const auto& which : behind) drop(now, which, wire::reason::none);
  for (const auto& which : before) {
    auto& p = passages_.at(which);
    p.resetting = wire::reason::none;
    p.closing = true;
    if (p.queue.empty()) finish(which);
  }
  std::erase_if(arrivals_, [&](const auto& a) { return a.first.first == link; });
  for (const auto& [which, credit] : own_)
    if (which.first == link) lost_.push_back(which.second);
  std::erase_if(own_, [&](const auto& o) { return o.first.first == link; });
  std::erase_if(messages_, [&](const message& m) { return m.link == link; });
  if (const auto c = controls_.find(link); c != controls_.end()) {
    for (const auto& [pair, q] : c->second.queues) held_ -= q.held;
    controls_.erase(c);
  }
  turns_.erase(link);
  ended_.erase(link);
  incoming_.erase(link);
  windows_.erase(link);
  round_trips_.erase(link);
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
