#include "daemon/forward_set.hpp"

#include "daemon/bootstrap.hpp"

#include <algorithm>

namespace gof::daemon {
namespace {

bool has(const std::vector<forward::forwarding>& all, const forward::forwarding& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// Those of `all` that are not in `others`.
std::vector<forward::forwarding> without(const std::vector<forward::forwarding>& all,
                                         const std::vector<forward::forwarding>& others) {
  std::vector<forward::forwarding> left;
  for (const auto& one : all)
    if (!has(others, one)) left.push_back(one);
  return left;
}

const forward_set::wanted& of(const forward_set::peers& all, const gof::peer& who) {
  static const forward_set::wanted nothing;
  const auto found = all.find(who);
  return found == all.end() ? nothing : found->second;
}

bool same(const resolved_peer& one, const resolved_peer& other) {
  if (one.ticket.has_value() != other.ticket.has_value()) return false;
  return !one.ticket || one.ticket->text() == other.ticket->text();
}

}  // namespace

outcome<forward_set::peers> forward_set::read(const std::vector<forward_rule>& rules) {
  peers all;
  for (const auto& rule : rules) {
    const auto wrong = [&](const failure& why) {
      return failure{rule.place.empty() ? why.code : bad_file, rule.place + why.what};
    };
    auto to = resolve_peer(rule.peer);
    if (!to) return wrong(to.error());
    const auto forwards = forwardings_of(*to, rule.specs);
    if (!forwards) return wrong(forwards.error());
    auto& its = all[to->who];
    its.forwards.insert(its.forwards.end(), forwards->begin(), forwards->end());
    const bool known =
        std::any_of(its.tickets.begin(), its.tickets.end(), [&](const auto& t) { return same(t, *to); });
    if (!known) its.tickets.push_back(std::move(*to));
  }
  return all;
}

std::optional<failure> forward_set::check_mesh(const peers& all, const std::string& ours) {
  const resolved_peer* first = nullptr;
  for (const auto& [who, what] : all) {
    for (const auto& one : what.tickets) {
      if (!one.ticket) continue;
      if (!ours.empty() && one.mesh != ours)
        return failure{one.code, two_meshes("a ticket and this node", one.mesh, ours)};
      if (first && first->mesh != one.mesh)
        return failure{one.code, two_meshes("the tickets", first->mesh, one.mesh)};
      first = &one;
    }
  }
  return std::nullopt;
}

forward_set::held& forward_set::hold(const gof::peer& who) {
  auto& one = held_[who];
  if (one.client) return one;
  const auto ready = [this, &one] {
    one.ready = true;
    check_ready();
  };
  one.client = std::make_unique<forward::client>(process_.node(), who, process_.log(),
                                                 forward::client::handlers{ready, {}}, alive_);
  one.client->start();
  return one;
}

listen_hosts forward_set::hosts(const peers& all) const {
  listen_hosts fresh;
  for (const auto& [who, what] : all) {
    const auto found = held_.find(who);
    const auto standing =
        found == held_.end() ? std::vector<forward::forwarding>() : found->second.client->forwardings();
    fresh.merge(hosts_of(without(what.forwards, standing)));
  }
  return fresh;
}

std::optional<problem> forward_set::want(peers all, const dial::host_names& names) {
  // Earlier names are kept, for what is bound again after a failure.
  auto known = names;
  known.add(std::exchange(names_, {}));
  names_ = std::move(known);
  peers before;
  for (const auto& [who, one] : held_) before[who] = one.what;
  for (const auto& [who, what] : all) hold(who);
  if (auto wrong = exchange(before, all)) {
    exchange(all, before);
    return wrong;
  }
  for (const auto& [who, what] : all)
    if (auto wrong = reach(what)) return wrong;
  for (const auto& [who, what] : before) leave(what, of(all, who));
  std::erase_if(held_, [&](const auto& one) {
    return !all.contains(one.first) && one.second.client->connections() == 0;
  });
  for (auto& [who, one] : held_) one.what = of(all, who);
  check_ready();
  return std::nullopt;
}

/// Closes before it binds: a port may pass from one service to another.
std::optional<problem> forward_set::exchange(const peers& from, const peers& to) {
  for (auto& [who, one] : held_)
    for (const auto& gone : without(of(from, who).forwards, of(to, who).forwards)) one.client->remove(gone);
  for (auto& [who, one] : held_)
    if (auto wrong = one.client->add(without(of(to, who).forwards, one.client->forwardings()), names_))
      return wrong;
  return std::nullopt;
}

std::optional<problem> forward_set::reach(const wanted& what) {
  boost::system::error_code error;
  for (const auto& one : what.tickets) {
    one.ticket ? process_.node().use(*one.ticket, error) : process_.node().reach(one.who, error);
    if (error) return problem{error.message()};
  }
  return std::nullopt;
}

void forward_set::leave(const wanted& what, const wanted& now) {
  for (const auto& one : what.tickets) {
    if (std::any_of(now.tickets.begin(), now.tickets.end(), [&](const auto& t) { return same(t, one); }))
      continue;
    one.ticket ? process_.node().drop(*one.ticket) : process_.node().drop(one.who);
  }
}

bool forward_set::handle_event(const node_event& event) {
  const auto found = held_.find(event.peer);
  if (found == held_.end()) return false;
  found->second.client->handle_event(event);
  return true;
}

void forward_set::check_ready() {
  const bool all = std::all_of(held_.begin(), held_.end(), [](const auto& one) {
    return one.second.ready || one.second.what.forwards.empty();
  });
  if (all && ready_) std::exchange(ready_, nullptr)();
}

std::vector<forward::forward_report> forward_set::report() const {
  std::vector<forward::forward_report> all;
  for (const auto& [who, one] : held_)
    for (auto& report : one.client->report()) all.push_back(std::move(report));
  return all;
}

std::size_t forward_set::connections() const {
  std::size_t count = 0;
  for (const auto& [who, one] : held_) count += one.client->connections();
  return count;
}

std::uint64_t forward_set::under_way() const {
  std::uint64_t bytes = 0;
  for (const auto& [who, one] : held_) bytes += one.client->under_way();
  return bytes;
}

void forward_set::drain() {
  for (auto& [who, one] : held_) one.client->drain();
}

void forward_set::abort_all() {
  for (auto& [who, one] : held_) one.client->abort_all();
}

}  // namespace gof::daemon
