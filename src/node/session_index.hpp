#pragma once

#include "base/id.hpp"

#include <map>
#include <set>
#include <vector>

namespace gof::core {

/// Finds sessions, named by their nodes, by the peer at the other end and by the first link of their path.
class session_index {
 public:
  void add(const peer_id& peer, const node_id& node) { by_peer_[peer].insert(node); }
  void remove(const peer_id& peer, const node_id& node) { remove(by_peer_, peer, node); }
  void add(link_id link, const node_id& node) { by_link_[link].insert(node); }
  void remove(link_id link, const node_id& node) { remove(by_link_, link, node); }

  std::vector<node_id> of(const peer_id& peer) const { return all(by_peer_, peer); }
  std::vector<node_id> by(link_id link) const { return all(by_link_, link); }

 private:
  template <class Key>
  using groups = std::map<Key, std::set<node_id>>;

  groups<peer_id> by_peer_;
  groups<link_id> by_link_;

  template <class Key>
  static void remove(groups<Key>& from, const Key& key, const node_id& node) {
    const auto group = from.find(key);
    if (group == from.end()) return;
    group->second.erase(node);
    if (group->second.empty()) from.erase(group);
  }
  template <class Key>
  static std::vector<node_id> all(const groups<Key>& in, const Key& key) {
    const auto group = in.find(key);
    if (group == in.end()) return {};
    return {group->second.begin(), group->second.end()};
  }
};

}  // namespace gof::core
