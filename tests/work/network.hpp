#pragma once

#include "block_counter.hpp"
#include "node/node.hpp"
#include "secure/derive.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gof::core {

/// Nodes in virtual time, whose links carry everything at once. The work of each node is counted.
class network {
 public:
  struct host {
    std::string name;
    std::unique_ptr<core::node> node;
    std::map<link_id, std::pair<host*, link_id>> links;
    std::vector<event> events;
  };

  host& add(const std::string& name, bool member) {
    node_config how{secure::identity::generate(random_), {}, name};
    if (member) how.network_key = key_;
    auto& made = hosts_[name];
    made.name = name;
    made.node = std::make_unique<node>(std::move(how), stack_, random_);
    return made;
  }
  /// A ticket of this issuer that has another member's address.
  wire::ticket ticket(const peer_id& issuer, const host& at, std::uint8_t number) {
    wire::ticket made;
    made.issuer = issuer;
    made.mesh = secure::mesh_of(key_);
    made.grant.value[0] = number;
    const auto of_guest = secure::guest_link_key(key_, issuer, made.grant);
    std::copy(of_guest.view().begin(), of_guest.view().end(), made.link_key.begin());
    made.services.push_back({"web", {}});
    made.addresses = {{at.name, 1}};
    return made;
  }
  secure::identity somebody() { return secure::identity::generate(random_); }

  host& at(const std::string& name) { return hosts_.at(name); }
  instant now() const { return now_; }
  /// How often usrsctp's timers were run: each time it looks at those of all associations.
  std::uint64_t ticks() const { return stack_.ticks(); }
  template <class Function>
  auto count(host& at, Function&& call) {
    struct counting {
      std::uint64_t& into;
      std::uint64_t before = blocks_run();
      ~counting() { into += blocks_run() - before; }
    } const here{costs_[&at]};
    return call();
  }

  /// Blocks that have run in calls of this node.
  std::uint64_t cost(const host& of) { return costs_[&of]; }

  /// Runs until no node has more to send.
  void settle() {
    for (bool busy = true; busy;) {
      busy = false;
      for (auto& [name, h] : hosts_) busy = settle(h) || busy;
    }
  }
  void run(duration time) {
    const auto end = now_ + time;
    for (settle();;) {
      auto next = end;
      for (auto& [name, h] : hosts_)
        if (const auto due = h.node->poll_timeout(); due && *due < next) next = *due;
      now_ = std::max(now_, next);
      if (now_ >= end) return;
      for (auto& [name, h] : hosts_)
        if (const auto due = h.node->poll_timeout(); due && *due <= now_)
          count(h, [&] { h.node->handle_timeout(now_); });
      settle();
    }
  }

 private:
  secure::secret32 key_{bytes(32, 7)};
  test::seeded_random random_{1};
  sctp::stack stack_;
  instant now_{100s};
  std::map<std::string, host> hosts_;
  std::map<const host*, std::uint64_t> costs_;

  bool settle(host& h) {
    bool any = false;
    while (auto e = count(h, [&] { return h.node->poll_event(); })) {
      any = true;
      if (const auto* d = std::get_if<dial_wanted>(&*e)) dial(h, *d);
      if (const auto* c = std::get_if<close_wanted>(&*e)) close(h, c->link);
      h.events.push_back(std::move(*e));
    }
    while (const auto link = count(h, [&] { return h.node->poll_ready(); })) {
      any = true;
      const auto found = h.links.find(*link);
      if (found == h.links.end()) continue;
      const auto [to, there] = found->second;
      for (;;) {
        auto out = count(h, [&] { return h.node->poll_transmit(now_, *link); });
        if (out.empty()) break;
        count(*to, [&, far = there, at = to] { at->node->handle_bytes(now_, far, out); });
      }
    }
    return any;
  }
  void dial(host& from, const dial_wanted& wanted) {
    const auto to = hosts_.find(wanted.to.host);
    if (to == hosts_.end()) return from.node->handle_dial_failed(now_, wanted.link, "no such host");
    const auto there = to->second.node->accept_link(now_, from.name);
    ASSERT_TRUE(there);
    from.links[wanted.link] = {&to->second, *there};
    to->second.links[*there] = {&from, wanted.link};
    from.node->handle_connected(now_, wanted.link);
  }
  void close(host& at, link_id link) {
    const auto its = at.links.extract(link);
    if (!its) return;
    const auto [other, there] = its.mapped();
    other->links.erase(there);
    other->node->handle_closed(now_, there, "");
  }
};

}  // namespace gof::core
