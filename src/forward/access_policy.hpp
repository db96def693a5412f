#pragma once

#include <gof/error.hpp>
#include <gof/identity.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gof::forward {

/// Who may use which service now: by grants, and for some peers without one.
class access_policy {
 public:
  using grant_id = std::array<std::uint8_t, 16>;
  using token = std::array<std::uint8_t, 32>;

  struct offer {
    std::string name;
    /// In canonical form. A grant is for this target, not for any target that has the name.
    std::string target;
    auto operator<=>(const offer&) const = default;
  };
  struct grant {
    access_policy::token token{};
    std::vector<offer> services;
  };

  virtual ~access_policy() = default;
  virtual std::optional<grant> find(const grant_id& id) const = 0;
  virtual bool is_withdrawn(const grant_id& id) const = 0;
  /// Whether this peer may use the service without a ticket, whatever its target.
  virtual bool allows(const gof::peer& who, const std::string& service) const = 0;
};

/// A peer's request for a service, and the grant that it names.
struct request {
  gof::peer peer;
  std::string service;
  std::optional<access_policy::grant_id> grant;
  std::function<bool(const access_policy::token&)> proves;
};

struct decision {
  std::optional<errc> refused;  ///< empty: allowed
  std::string why;              ///< for the audit line in the log
  bool as_peer = false;         ///< allowed for the peer that asks, not by a grant
};

/// Denies by default. `here`: what this node serves. A peer that needs no ticket is allowed even with one
/// that fails, since it could have named none. A refusal reveals nothing about what exists here.
decision decide(const access_policy& grants, const std::vector<access_policy::offer>& here,
                const request& asked);

}  // namespace gof::forward
