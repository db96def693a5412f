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

/// Who may use what: the grants, and the peers that need none, as they stand now.
class access_policy {
 public:
  using grant_id = std::array<std::uint8_t, 16>;
  using token = std::array<std::uint8_t, 32>;

  struct offer {
    std::string name;
    /// In its canonical words: a grant is for this target, not for whatever has the name.
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
  /// Whether this peer may use the service, whatever its target, without a ticket.
  virtual bool allows(const gof::peer& who, const std::string& service) const = 0;
};

/// What somebody asks for, and by which grant.
struct request {
  gof::peer peer;
  std::string service;
  std::optional<access_policy::grant_id> grant;
  std::function<bool(const access_policy::token&)> proves;
};

struct decision {
  std::optional<errc> refused;  ///< empty: allowed
  std::string why;              ///< for the audit line
  bool as_peer = false;         ///< allowed by who asks, not by a grant
};

/// Default deny. `here`: what this node serves. Who is allowed without a ticket is so too with one that does
/// not do: it could have named none. Who asks for what it may not use is told nothing of what there is.
decision decide(const access_policy& grants, const std::vector<access_policy::offer>& here,
                const request& asked);

}  // namespace gof::forward
