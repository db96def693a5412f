#include "node/egress.hpp"

#include <utility>

namespace gof::core {

void egress::wake(link_id link, const node_id& session) {
  auto& at = outlets_[link];
  auto& its = at.sessions[session];
  if (!std::exchange(its.woken, true)) at.woken.push_back(session);
  if (!std::exchange(its.waits, true)) at.turns.emplace_back(session);
}

void egress::wake_passing(link_id link) {
  auto& at = outlets_[link];
  if (!std::exchange(at.passing_waits, true)) at.turns.emplace_back(std::nullopt);
}

std::optional<node_id> egress::poll_woken(link_id link) {
  const auto found = outlets_.find(link);
  if (found == outlets_.end() || found->second.woken.empty()) return std::nullopt;
  auto& at = found->second;
  const auto next = at.woken.front();
  at.woken.pop_front();
  const auto its = at.sessions.find(next);
  its->second.woken = false;
  if (!its->second.waits) at.sessions.erase(its);
  return next;
}

std::optional<egress::sender> egress::turn(link_id link) const {
  const auto found = outlets_.find(link);
  if (found == outlets_.end() || found->second.turns.empty()) return std::nullopt;
  return found->second.turns.front();
}

void egress::pass_on(link_id link) {
  auto& turns = outlets_.at(link).turns;
  turns.push_back(turns.front());
  turns.pop_front();
}

void egress::rest(link_id link) {
  auto& at = outlets_.at(link);
  const auto who = at.turns.front();
  at.turns.pop_front();
  if (!who) {
    at.passing_waits = false;
    return;
  }
  const auto its = at.sessions.find(*who);
  its->second.waits = false;
  if (!its->second.woken) at.sessions.erase(its);
}

}  // namespace gof::core
