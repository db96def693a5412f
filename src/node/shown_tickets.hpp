#pragma once

#include "base/id.hpp"

#include <vector>

namespace gof::core {

/// Tickets that a guest has shown on a link: the one that opened it, then those of GRANT. A withdrawn one
/// keeps its place, so that it is not checked again and again.
class shown_tickets {
 public:
  static constexpr std::size_t most = 64;

  bool knows(const peer_id& issuer, const grant_id& grant) const;
  bool is_full() const { return all_.size() >= most; }
  /// Ignored if it is known, or if there are too many.
  void add(const peer_id& issuer, const grant_id& grant, bool withdrawn = false);
  /// Withdraws each of this issuer for which `gone` holds. Returns whether one of them was valid until now.
  template <class Predicate>
  bool withdraw(const peer_id& issuer, Predicate gone) {
    bool any = false;
    for (auto& one : all_) {
      if (one.issuer != issuer || one.withdrawn || !gone(one.grant)) continue;
      any = one.withdrawn = true;
    }
    return any;
  }

  /// Whether a valid one is of this issuer.
  bool allow(const peer_id& issuer) const;
  /// Of valid ones, each once.
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
