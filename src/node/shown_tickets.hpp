#pragma once

#include "base/id.hpp"

#include <vector>

namespace gof::core {

/// Tickets that a guest showed on a link: with which it was opened, then those of GRANT. A withdrawn one
/// keeps its place, so that nobody makes us look at it again and again.
class shown_tickets {
 public:
  static constexpr std::size_t most = 64;

  bool knows(const peer_id& issuer, const grant_id& grant) const;
  bool is_full() const { return all_.size() >= most; }
  /// Unless it is known, or there are too many.
  void add(const peer_id& issuer, const grant_id& grant, bool withdrawn = false);
  /// Of this issuer each that `gone` holds for. Whether one of them was good until now.
  template <class Predicate>
  bool withdraw(const peer_id& issuer, Predicate gone) {
    bool any = false;
    for (auto& one : all_) {
      if (one.issuer != issuer || one.withdrawn || !gone(one.grant)) continue;
      any = one.withdrawn = true;
    }
    return any;
  }

  /// Whether one that is good is this issuer's.
  bool allow(const peer_id& issuer) const;
  /// Of those that are good, each once.
  std::vector<peer_id> issuers() const;
  /// Of all, each once.
  std::vector<peer_id> all_issuers() const;

 private:
  struct shown {
    peer_id issuer;
    grant_id grant;
    bool withdrawn = false;
  };
  std::vector<shown> all_;
};

}  // namespace gof::core
