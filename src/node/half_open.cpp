#include "node/half_open.hpp"

#include <algorithm>
#include <map>

namespace gof::core {
namespace {

/// The branch it came by at this fork: first the link, then the label of each relay. Empty: it began there.
std::optional<std::uint64_t> branch_of(const half_open::origin& from, std::size_t fork) {
  if (fork == 0) return static_cast<std::uint64_t>(from.link);
  if (fork > from.labels.size()) return std::nullopt;
  return from.labels[fork - 1];
}

}  // namespace

/// The attempts of which one must be given up; empty: there is room.
half_open::entries half_open::sharing_a_cap(const entries& all, const origin& from) {
  entries of_grant, of_link;
  std::copy_if(all.begin(), all.end(), std::back_inserter(of_grant),
               [&](const entry& one) { return from.grant && one.from.grant == from.grant; });
  if (of_grant.size() >= most_of_grant) return of_grant;
  std::copy_if(all.begin(), all.end(), std::back_inserter(of_link),
               [&](const entry& one) { return one.from.link == from.link; });
  if (of_link.size() >= most_of_link) return of_link;
  return all.size() >= most ? all : entries();
}

const half_open::entry* half_open::victim(instant now, const entries& among, const origin& for_whom) {
  std::vector<const entry*> left;
  for (const auto& one : among) left.push_back(&one);
  bool beside = true;       // the newcomer took the same branches so far
  bool outnumbers = false;  // where they parted, this branch had more even if the newcomer counted as its own
  for (std::size_t fork = 0;; ++fork) {
    std::map<std::optional<std::uint64_t>, std::vector<const entry*>> branches;
    for (const auto* one : left) branches[branch_of(one->from, fork)].push_back(one);
    const auto own = branch_of(for_whom, fork);
    auto chosen = branches.begin();
    for (auto b = branches.begin(); b != branches.end(); ++b) {
      const bool as_many = b->second.size() == chosen->second.size();
      if (b->second.size() > chosen->second.size() || (as_many && beside && b->first == own)) chosen = b;
    }
    if (beside && chosen->first != own) {
      const auto ours = branches.find(own);
      outnumbers = chosen->second.size() > 1 + (ours == branches.end() ? 0 : ours->second.size());
      beside = false;
    }
    const bool last = !chosen->first;
    left = chosen->second;
    if (last) break;
  }
  const auto* oldest = left.front();
  return outnumbers || now - oldest->since >= least_time ? oldest : nullptr;
}

half_open::verdict half_open::enter(instant now, const node_id& node, const origin& from) {
  auto left = all_;
  verdict v;
  for (auto full = sharing_a_cap(left, from); !full.empty(); full = sharing_a_cap(left, from)) {
    const auto* goes = victim(now, full, from);
    if (goes == nullptr) return {};
    v.gone.push_back(goes->node);
    std::erase_if(left, [&](const entry& one) { return one.node == v.gone.back(); });
  }
  left.push_back({node, from, now});
  all_ = std::move(left);
  v.taken = true;
  return v;
}

}  // namespace gof::core
