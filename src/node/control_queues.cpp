#include "node/control_queues.hpp"

#include <algorithm>

namespace gof::core {
namespace {

std::size_t cost_of(const waiting_packet& packet) {
  return std::max(packet.payload.size(), control_queues::least_cost);
}

}  // namespace

void control_queues::push(link_id to, waiting_packet packet) {
  if (packet.payload.size() > most_of_pair) return;
  auto& at = outlets_[to];
  const pair_of_nodes pair{packet.head.source, packet.head.destination};
  auto& q = at.queues[pair];
  if (q.packets.empty()) at.turns.push_back(pair);
  q.cost += cost_of(packet);
  at.cost += cost_of(packet);
  held_ += packet.payload.size();
  q.packets.push_back(std::move(packet));
  while (q.cost > most_of_pair) take_oldest(q, at);
  while (at.queues.size() > most_pairs || at.cost > most_of_link) {
    const auto victim = at.queues.find(at.turns.front());
    at.turns.pop_front();
    while (!victim->second.packets.empty()) take_oldest(victim->second, at);
    at.queues.erase(victim);
  }
}

std::optional<waiting_packet> control_queues::poll(link_id to) {
  const auto found = outlets_.find(to);
  if (found == outlets_.end() || found->second.turns.empty()) return std::nullopt;
  auto& at = found->second;
  const auto pair = at.turns.front();
  at.turns.pop_front();
  const auto its = at.queues.find(pair);
  auto next = take_oldest(its->second, at);
  if (its->second.packets.empty())
    at.queues.erase(its);
  else
    at.turns.push_back(pair);
  return next;
}

waiting_packet control_queues::take_oldest(queue& q, outlet& of) {
  auto oldest = std::move(q.packets.front());
  q.packets.pop_front();
  q.cost -= cost_of(oldest);
  of.cost -= cost_of(oldest);
  held_ -= oldest.payload.size();
  return oldest;
}

void control_queues::handle_link_down(link_id link) {
  const auto found = outlets_.find(link);
  if (found == outlets_.end()) return;
  for (const auto& [pair, q] : found->second.queues)
    for (const auto& packet : q.packets) held_ -= packet.payload.size();
  outlets_.erase(found);
}

std::size_t control_queues::held_limit() const {
  std::size_t all = 0;
  for (const auto& [link, at] : outlets_) all += std::min(at.queues.size() * most_of_pair, most_of_link);
  return all;
}

}  // namespace gof::core
