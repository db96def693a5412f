#include "node/inflows.hpp"

#include <algorithm>

namespace gof::core {
namespace {

/// Generations wrap around: a newer one is less than half the range ahead.
bool newer(std::uint16_t one, std::uint16_t than) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(one - than)) > 0;
}

}  // namespace

inflows::verdict inflows::admit(instant now, inlet& in, const wire::flow& id) {
  const auto last = in.ended.find({id.source, id.destination});
  if (last != in.ended.end()) {
    if (now - last->second.when < ended_time && !newer(id.generation, last->second.generation))
      return verdict::ended;
    in.ended.erase(last);
  }
  if (in.flows >= most_flows) return verdict::busy;
  ++in.flows;
  return verdict::taken;
}

inflows::verdict inflows::take(instant now, link_id from, const wire::flow& id, std::size_t size) {
  auto found = flows_.find({from, id});
  if (found == flows_.end()) {
    auto& in = inlets_[from];
    if (const auto v = admit(now, in, id); v != verdict::taken) return v;
    const bool measured = in.round_trip != duration::max();
    const bool wide = measured && in.round_trip >= inflow_credit::far && in.windows <= many_windows;
    const inflow_credit begun(wide ? inflow_credit::far_window_at_first : inflow_credit::first_window);
    in.windows += begun.window();
    found = flows_.emplace(flow_key{from, id}, begun).first;
  }
  return found->second.take(size) ? verdict::taken : verdict::beyond;
}

std::optional<wire::hop_credit> inflows::release(link_id from, const wire::flow& id, std::size_t size) {
  const auto found = flows_.find({from, id});
  if (found == flows_.end()) return std::nullopt;
  auto& credit = found->second;
  auto& in = inlets_.at(from);
  credit.release(size);
  const auto before = credit.window();
  const auto most =
      in.round_trip < inflow_credit::far ? inflow_credit::near_window : inflow_credit::most_window;
  const bool may_grow = in.windows + before <= most_window;
  const auto limit = credit.poll_grant(may_grow ? most : std::min(most, before));
  in.windows = in.windows - before + credit.window();
  return limit ? std::optional(wire::hop_credit{id, *limit}) : std::nullopt;
}

void inflows::handle_blocked(link_id from, const wire::flow& id) {
  if (const auto found = flows_.find({from, id}); found != flows_.end()) found->second.handle_blocked();
}

void inflows::close(link_id from, const wire::flow& id) {
  const auto found = flows_.find({from, id});
  if (found == flows_.end()) return;
  auto& in = inlets_.at(from);
  in.windows -= found->second.window();
  --in.flows;
  flows_.erase(found);
}

void inflows::end(instant now, link_id from, const wire::flow& id) {
  if (!contains(from, id)) return;
  close(from, id);
  refuse(now, from, id);
}

void inflows::refuse(instant now, link_id from, const wire::flow& id) {
  if (contains(from, id)) return;
  auto& over = inlets_[from].ended;
  if (over.size() >= most_ended) over.erase(over.begin());
  over[{id.source, id.destination}] = {id.generation, now};
}

void inflows::handle_round_trip(link_id link, duration measured) {
  auto& least = inlets_[link].round_trip;
  least = std::min(least, measured);
}

void inflows::handle_link_down(link_id link) {
  const auto [first, last] = flows_on(flows_, link);
  flows_.erase(first, last);
  inlets_.erase(link);
}

std::uint64_t inflows::may_hold(link_id from, const wire::flow& id) const {
  const auto found = flows_.find({from, id});
  return found == flows_.end() ? 0 : found->second.may_hold();
}

}  // namespace gof::core
