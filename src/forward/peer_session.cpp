#include "forward/peer_session.hpp"

#include <chrono>
#include <tuple>

namespace gof::forward {

const node_snapshot::session* session_with(const node_snapshot& now, const gof::peer& peer) {
  const auto rank = [](const node_snapshot::session& one) {
    return std::tuple(!one.has_path, one.round_trip.value_or(std::chrono::nanoseconds::max()));
  };
  const node_snapshot::session* best = nullptr;
  for (const auto& one : now.sessions)
    if (one.peer == peer && one.up && (best == nullptr || rank(one) < rank(*best))) best = &one;
  return best;
}

}  // namespace gof::forward
