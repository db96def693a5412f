#include "node/stream_table.hpp"

#include <algorithm>
#include <utility>

namespace gof::core {

using wire::reason;

stream_id stream_table::ask(const peer_id& to, bool probe, request what, instant deadline) {
  const auto id = stream_id{next_++};
  auto& made = entries_[id];
  made.is.peer = to;
  made.is.ours = true;
  made.is.probe = probe;
  made.wanted = std::make_unique<request>(std::move(what));
  deadlines_.set(made.deadline, id, deadline);
  waiting_[to].insert(id);
  ++waiting_count_;
  return id;
}

std::vector<stream_id> stream_table::waiting_for(const peer_id& peer) const {
  const auto found = waiting_.find(peer);
  if (found == waiting_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::vector<peer_id> stream_table::wanted() const {
  std::vector<peer_id> all;
  for (const auto& [peer, its] : waiting_) all.push_back(peer);
  return all;
}

void stream_table::stop_waiting(stream_id id, const entry& of) {
  if (!of.is.ours || of.is.at) return;
  const auto found = waiting_.find(of.is.peer);
  found->second.erase(id);
  if (found->second.empty()) waiting_.erase(found);
  --waiting_count_;
}

void stream_table::handle_assigned(stream_id waiting, const place& at) {
  auto& its = entries_.at(waiting);
  stop_waiting(waiting, its);
  its.is.at = at;
  its.wanted.reset();
  at_[at.node].emplace(at.number, waiting);
}

// ---- from a session

void stream_table::handle_incoming(const peer_id& from, const node_id& node, const wire::stream_open& asked,
                                   bool same_host) {
  const auto id = stream_id{next_++};
  entries_[id].is = {from, false, asked.probe, false, asked.grant, asked.mac, place{node, asked.number}};
  at_[node].emplace(asked.number, id);
  auto options = asked.options;
  // Only a peer on our own host may say something about it.
  if (!same_host) options.remove_host();
  events_.push_back(stream_incoming{id, from, node, asked.service, asked.grant, asked.mac, asked.probe,
                                    std::move(options)});
}

void stream_table::handle(const node_id& node, const mux::event& e) {
  const auto number = std::visit(
      [](const auto& m) -> mux::number {
        if constexpr (requires { m.stream; }) return m.stream;
        return 0;
      },
      e);
  const auto its = at_.find(node);
  if (its == at_.end()) return;
  const auto found = its->second.find(number);
  if (found == its->second.end()) return;  // its owner has released it
  const auto id = found->second;
  if (std::holds_alternative<mux::accepted>(e)) {
    handle_answered(id);
    events_.push_back(stream_accepted{id});
  } else if (const auto* no = std::get_if<mux::refused>(&e)) {
    forget(id);
    events_.push_back(stream_refused{id, no->why, no->text});
  } else if (std::holds_alternative<mux::probed>(e)) {
    forget(id);
    events_.push_back(stream_probed{id});
  } else if (std::holds_alternative<mux::readable>(e)) {
    events_.push_back(stream_readable{id});
  } else if (std::holds_alternative<mux::writable>(e)) {
    events_.push_back(stream_writable{id});
  } else if (const auto* c = std::get_if<mux::confirmed>(&e)) {
    events_.push_back(stream_confirmed{id, c->taken});
  } else if (const auto* ends = std::get_if<mux::ending>(&e)) {
    events_.push_back(stream_ending{id, ends->why});
  } else if (const auto* r = std::get_if<mux::reset_by_peer>(&e)) {
    forget(id);
    events_.push_back(stream_reset{id, r->why});
  } else if (std::holds_alternative<mux::done>(e)) {
    forget(id);
    events_.push_back(stream_done{id});
  }
}

void stream_table::handle_lost(const node_id& node, reason why) {
  const auto lost = at_.extract(node);
  if (!lost) return;
  for (const auto& [number, id] : lost.mapped()) {
    const auto& s = entries_.at(id).is;
    if (s.ours && !s.answered)
      events_.push_back(stream_refused{id, reason::survived_out, {}});
    else
      events_.push_back(stream_reset{id, why == reason::none ? reason::survived_out : why});
    forget(id);
  }
}

// ---- from its owner

void stream_table::handle_answered(stream_id id) {
  auto& its = entries_.at(id);
  its.is.answered = true;
  deadlines_.set(its.deadline, id, std::nullopt);
}

void stream_table::forget(stream_id id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  auto& its = found->second;
  deadlines_.set(its.deadline, id, std::nullopt);
  stop_waiting(id, its);
  if (its.is.at) {
    if (const auto there = at_.find(its.is.at->node); there != at_.end()) {
      there->second.erase(its.is.at->number);
      if (there->second.empty()) at_.erase(there);
    }
  }
  entries_.erase(found);
}

void stream_table::shut_down() {
  while (!waiting_.empty()) {
    const auto id = *waiting_.begin()->second.begin();
    events_.push_back(stream_refused{id, reason::shutdown, {}});
    forget(id);
  }
}

std::vector<stream_table::place> stream_table::handle_timeout(instant now) {
  std::vector<place> aborted;
  while (const auto id = deadlines_.poll(now)) {
    auto& its = entries_.at(*id);
    const auto due = *std::exchange(its.deadline, std::nullopt);
    if (its.is.at && !std::exchange(its.in_grace, true)) {
      deadlines_.set(its.deadline, *id, due + answer_grace);
      continue;
    }
    if (its.is.at) aborted.push_back(*its.is.at);
    events_.push_back(stream_refused{*id, its.is.at ? reason::none : reason::survived_out, {}});
    forget(*id);
  }
  return aborted;
}

const stream_table::stream* stream_table::find(stream_id id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second.is;
}

bool stream_table::serves(const node_id& node) const {
  const auto its = at_.find(node);
  return its != at_.end() && std::any_of(its->second.begin(), its->second.end(), [this](const auto& one) {
           const auto& s = entries_.at(one.second).is;
           return s.answered || s.ours;
         });
}

// ---- events

bool stream_table::outlived(const event& e) {
  if (const auto* asked = std::get_if<stream_incoming>(&e)) {
    if (entries_.contains(asked->stream)) return false;
    never_told_.insert(asked->stream);
    return true;
  }
  if (const auto* r = std::get_if<stream_reset>(&e)) return never_told_.erase(r->stream) > 0;
  if (const auto* r = std::get_if<stream_readable>(&e)) return !entries_.contains(r->stream);
  if (const auto* w = std::get_if<stream_writable>(&e)) return !entries_.contains(w->stream);
  return false;
}

}  // namespace gof::core
