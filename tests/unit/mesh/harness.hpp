#pragma once

#include "mesh/label.hpp"
#include "mesh/mesh.hpp"
#include "signing.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <vector>

namespace gof::core {

/// Meshes that pass frames to each other in virtual time: no sockets, no sessions, a delay on each link.
class harness {
 public:
  static constexpr duration delay = 10ms;

  struct host {
    author who;
    std::unique_ptr<mesh> at;  ///< empty: not running
    bool member = true;
    std::map<node_id, peer_id> known;
    std::vector<record_verdict> refused;
    std::size_t received = 0;  ///< bytes
    std::size_t routes_changed = 0;
    std::set<std::uint16_t> labels;
  };

  explicit harness(std::uint64_t seed) : random_(seed) {}

  instant now() const { return now_; }
  std::size_t size() const { return hosts_.size(); }
  host& operator[](std::size_t number) { return *hosts_[number]; }
  node_id node(std::size_t number) const { return hosts_[number]->who.node(); }

  std::size_t add(bool member = true) {
    hosts_.push_back(std::make_unique<host>(host{author(random_), nullptr, member, {}, {}, 0, 0, {}}));
    return hosts_.size() - 1;
  }
  /// A process starts, with the same key and a new instance.
  void start(std::size_t number) {
    auto& h = *hosts_[number];
    h.who.instance = random_.draw<instance_id>();
    h.at = std::make_unique<mesh>(mesh::config{h.who.self, h.who.instance, h.member}, random_);
    h.known.clear();
    h.labels.clear();
    wire::record_profile profile;
    profile.name = "host-" + std::to_string(number);
    h.at->set_profile(now_, profile);
    drain();
  }
  link_id link(std::size_t one, std::size_t other, std::vector<peer_id> issuers = {}) {
    const link_id id{++last_link_};
    const auto a = next_label(one, other);
    const auto b = next_label(other, one);
    cables_[id] = {one, other};
    hosts_[one]->at->handle_link_up(now_, seen_from(one, other, id, a, b, issuers));
    hosts_[other]->at->handle_link_up(now_, seen_from(other, one, id, b, a, issuers));
    for (const auto end : {one, other}) hosts_[end]->at->handle_round_trip(now_, id, 2 * delay);
    drain();
    return id;
  }
  void cut(link_id id) {
    const auto ends = cables_.at(id);
    cables_.erase(id);
    for (const auto end : {ends.first, ends.second})
      if (hosts_[end]->at) hosts_[end]->at->handle_link_down(now_, id);
    drain();
  }
  void kill(std::size_t number) {
    hosts_[number]->at.reset();
    std::vector<link_id> its;
    for (const auto& [id, ends] : cables_)
      if (ends.first == number || ends.second == number) its.push_back(id);
    for (const auto id : its) cut(id);
  }
  /// Acts as the host on the other side of the link, and sends this frame.
  bool inject(std::size_t to, link_id from, wire::frame_type type, const_bytes body) {
    const bool fine = hosts_[to]->at->handle_frame(now_, from, type, body);
    drain();
    return fine;
  }
  void run(duration time) {
    drain();
    const auto end = now_ + time;
    while (true) {
      auto next = flying_.empty() ? end : std::min(end, flying_.front().arrives);
      for (const auto& h : hosts_)
        if (h->at)
          if (const auto due = h->at->poll_timeout()) next = std::min(next, std::max(*due, now_));
      if (next >= end) break;
      now_ = next;
      for (const auto& h : hosts_)
        if (h->at && h->at->poll_timeout().value_or(end) <= now_) h->at->handle_timeout(now_);
      deliver();
      drain();
    }
    now_ = end;
  }
  bool all_know_all() const {
    const auto running =
        std::count_if(hosts_.begin(), hosts_.end(), [](const auto& h) { return h->at && h->member; });
    for (const auto& h : hosts_) {
      if (!h->at) continue;
      if (h->known.size() != static_cast<std::size_t>(running - h->member)) return false;
      for (const auto& other : hosts_)
        if (other != h && other->at && other->member && !h->known.contains(other->who.node())) return false;
    }
    return true;
  }

 private:
  struct flight {
    instant arrives;
    std::size_t to;
    outgoing frame;
  };

  test::seeded_random random_;
  instant now_{};
  std::vector<std::unique_ptr<host>> hosts_;
  std::map<link_id, std::pair<std::size_t, std::size_t>> cables_;
  std::deque<flight> flying_;
  std::uint64_t last_link_ = 0;

  std::uint16_t next_label(std::size_t at, std::size_t to) {
    const auto label = label_of(node(at), node(to), hosts_[at]->labels);
    hosts_[at]->labels.insert(label);
    return label;
  }
  mesh::neighbour seen_from(std::size_t one, std::size_t other, link_id id, std::uint16_t ours,
                            std::uint16_t theirs, const std::vector<peer_id>& issuers) const {
    mesh::neighbour n;
    n.link = id;
    n.node = node(other);
    n.peer = hosts_[other]->who.self.id();
    n.is = hosts_[other]->member ? mesh::neighbour::kind::member : mesh::neighbour::kind::guest;
    if (hosts_[one]->member) n.issuers = issuers;
    n.our_label = ours;
    n.their_label = theirs;
    return n;
  }
  void deliver() {
    while (!flying_.empty() && flying_.front().arrives <= now_) {
      const auto f = std::move(flying_.front());
      flying_.pop_front();
      if (!cables_.contains(f.frame.link) || !hosts_[f.to]->at) continue;
      hosts_[f.to]->received += f.frame.body.size();
      const bool fine = hosts_[f.to]->at->handle_frame(now_, f.frame.link, f.frame.type, f.frame.body);
      if (!fine) cut(f.frame.link);
    }
  }
  void drain() {
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
      auto& h = *hosts_[i];
      if (!h.at) continue;
      while (auto out = h.at->poll_transmit(now_)) {
        const auto ends = cables_.at(out->link);
        flying_.push_back({now_ + delay, ends.first == i ? ends.second : ends.first, std::move(*out)});
      }
      while (const auto e = h.at->poll_event(now_)) note(h, *e);
    }
  }
  static void note(host& h, const mesh::event& e) {
    if (const auto* known = std::get_if<mesh::node_known>(&e)) h.known[known->node] = known->peer;
    if (const auto* gone = std::get_if<mesh::node_gone>(&e)) h.known.erase(gone->node);
    if (std::holds_alternative<mesh::routes_changed>(e)) ++h.routes_changed;
    if (const auto* refused = std::get_if<mesh::record_refused>(&e)) h.refused.push_back(refused->verdict);
  }
};

}  // namespace gof::core
