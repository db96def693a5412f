#include "support/tampering_relay.hpp"

#include "mesh/label.hpp"
#include "wire/link_control.hpp"

#include <algorithm>

namespace gof::test {

using wire::frame_type;

// ---- correct behaviour

void tampering_relay::handle_up(instant, link_id link, const core::link::up& up) {
  std::set<std::uint16_t> taken;
  for (const auto& [id, n] : neighbours_) taken.insert(n.label);
  const auto label = core::label_of(node(), up.node, taken);
  neighbours_[link] = {up.node, up.peer, up.role == wire::link_role::guest, up.issuer, label};
  send(link, frame_type::label, wire::label{label}.encode());
}

void tampering_relay::handle_notice(instant now, link_id link, const core::link::notice& what) {
  if (what.type == frame_type::label) {
    const auto& n = neighbours_.at(link);
    core::mesh::neighbour other{link, n.node, n.peer, core::mesh::neighbour::kind::member, {}, n.label, 0};
    if (n.guest) {
      other.is = core::mesh::neighbour::kind::guest;
      other.issuers.push_back(n.issuer);
    }
    other.their_label = wire::label::decode(what.body)->number;
    gossip_.handle_link_up(now, other);
  } else if (what.type == frame_type::hop_credit) {
    const auto heard = wire::hop_credit::decode(what.body);
    if (const auto found = outflows_.find({link, heard->flow}); found != outflows_.end())
      found->second.credit.raise(heard->limit);
    want_output();
  } else if (what.type == frame_type::flow_close) {
    pass_on_end(link, what.type, wire::flow_close::decode(what.body)->flow, what.body);
  } else if (what.type == frame_type::flow_reset) {
    pass_on_end(link, what.type, wire::flow_reset::decode(what.body)->flow, what.body);
  } else {
    (void)gossip_.handle_frame(now, link, what.type, what.body);
  }
  spread(now);
}

void tampering_relay::pass_on_end(link_id from, frame_type type, const wire::flow& flow, const_bytes body) {
  if (const auto down = ways_.find({from, flow}); down != ways_.end()) {
    send(down->second, type, body);
    outflows_.erase({down->second, flow});
    ways_.erase(down);
    return;
  }
  for (const auto& [upstream, to] : ways_) {
    if (to != from || upstream.second != flow) continue;
    send(upstream.first, type, body);
    outflows_.erase({from, flow});
    ways_.erase(upstream);
    return;
  }
}

void tampering_relay::handle_down(instant now, link_id link) {
  neighbours_.erase(link);
  controls_.erase(link);
  const auto its = [&](const auto& one) { return one.first.first == link; };
  std::erase_if(ways_, [&](const auto& w) { return its(w) || w.second == link; });
  std::erase_if(outflows_, its);
  std::erase_if(granted_, [&](const auto& g) { return g.first == link; });
  gossip_.handle_link_down(now, link);
  spread(now);
}

void tampering_relay::handle_timeout(instant now) {
  speaker::handle_timeout(now);
  gossip_.handle_timeout(now);
  spread(now);
}

std::optional<instant> tampering_relay::poll_timeout() const {
  const auto due = speaker::poll_timeout();
  const auto other = gossip_.poll_timeout();
  return due && other ? std::min(due, other) : due ? due : other;
}

void tampering_relay::spread(instant now) {
  while (const auto out = gossip_.poll_transmit(now)) send(out->link, out->type, out->body);
  while (gossip_.poll_event(now)) {
  }
}

// ---- the packets it relays

void tampering_relay::handle_received(instant, link_id link, core::link::received& what) {
  auto head = what.head;
  if (head.hop >= head.labels.size()) return;  // no node has a session with it
  const auto to = std::find_if(neighbours_.begin(), neighbours_.end(),
                               [&](const auto& n) { return n.second.label == head.labels[head.hop]; });
  if (to == neighbours_.end()) return;
  const wire::flow flow{head.source, head.destination, head.generation};
  if (what.type == frame_type::relay_data) {
    ways_[{link, flow}] = to->first;
    if (granted_.insert({link, flow}).second)
      send(link, frame_type::hop_credit, wire::hop_credit{flow, plenty}.encode());
  }
  head.labels[head.hop++] = neighbours_.at(link).label;
  tamper(to->first, {what.type, std::move(head), {what.payload.begin(), what.payload.end()}});
}

void tampering_relay::tamper(link_id to, packet p) {
  if (how_.data_alone && p.type != frame_type::relay_data) return pass(to, std::move(p));
  ++passed_;
  const auto before = tampered_;
  if (chance(how_.alter_payload) && !p.payload.empty() && ++tampered_)
    p.payload[dice_() % p.payload.size()] ^= static_cast<std::uint8_t>(1u << dice_() % 8);
  if (chance(how_.cut) && ++tampered_) p.payload.resize(dice_() % (p.payload.size() + 100));
  if (chance(how_.alter_header) && ++tampered_) alter_header(p);
  if (chance(how_.repeat) && ++tampered_) pass(to, p);
  if (chance(how_.drop) && ++tampered_) return;
  if (chance(how_.delay) && ++tampered_) {
    late_.emplace_back(to, std::move(p));
    return;
  }
  const bool untouched = tampered_ == before;
  pass(to, std::move(p));
  if (!untouched || late_.empty() || dice_() % 4 != 0) return;
  const auto which = late_.begin() + static_cast<std::ptrdiff_t>(dice_() % late_.size());
  auto [where, late] = std::move(*which);
  late_.erase(which);
  pass(where, std::move(late));
}

void tampering_relay::alter_header(packet& p) {
  const auto other = [&](auto id) {
    id.value[dice_() % id.value.size()] ^= static_cast<std::uint8_t>(1 + dice_() % 255);
    return id;
  };
  const auto expected = [&p] { return p.head.hop < p.head.labels.size() ? p.head.labels[p.head.hop] : 0; };
  const auto hop = p.head.hop;
  const auto label = expected();
  switch (dice_() % 8) {
    case 0: p.head.number = (p.head.number ^ 1u << dice_() % 32) & wire::packet::largest_number; break;
    case 1: p.head.phase = static_cast<std::uint8_t>(dice_() % 4); break;
    case 2: p.head.is_crypto = !p.head.is_crypto; break;
    case 3: p.head.source = other(p.head.source); break;
    case 4: p.head.destination = other(p.head.destination); break;
    case 5: p.head.generation ^= static_cast<std::uint16_t>(1 + dice_() % 7); break;
    case 6: p.head.labels[dice_() % p.head.labels.size()] = static_cast<std::uint16_t>(dice_()); break;
    default: p.head.hop = static_cast<std::uint8_t>(dice_() % (p.head.labels.size() + 1)); break;
  }
  p.astray = p.head.hop != hop || expected() != label;
}

void tampering_relay::pass(link_id to, packet p) {
  want_output();
  if (p.type != frame_type::relay_data) {
    controls_[to].push_back(std::move(p));
    return;
  }
  auto& queue = outflows_[{to, {p.head.source, p.head.destination, p.head.generation}}].queue;
  if (queue.size() < most_waiting) queue.push_back(std::move(p));
}

void tampering_relay::fill(instant now, link_id link, core::link& into) {
  const auto write = [&](const packet& p) { into.append_packet(now, p.type, p.head, p.payload); };
  for (auto& queue = controls_[link]; !queue.empty() && into.writable(); queue.pop_front())
    write(queue.front());
  for (auto& [which, flow] : outflows_) {
    if (which.first != link) continue;
    while (!flow.queue.empty() && into.writable() && flow.credit.covers(flow.queue.front().payload.size())) {
      // Otherwise its own credit would run out, and it would relay nothing at all.
      if (!flow.queue.front().astray) flow.credit.count(flow.queue.front().payload.size());
      write(flow.queue.front());
      flow.queue.pop_front();
    }
  }
}

}  // namespace gof::test
