#pragma once

#include "forward/access_policy.hpp"

#include <string_view>

namespace gof::forward {

/// Why a connection was accepted: by a grant, or because this peer may use the service.
struct authorization {
  std::optional<access_policy::grant_id> grant;  ///< empty: the peer needs none
  gof::peer peer;
  std::string service;

  bool is_valid(const access_policy& grants) const;

  /// The same for all connections under one authorization, whichever peer holds the grant; of() decodes it.
  std::string label() const;
  static authorization of(std::string_view label);

  bool operator==(const authorization&) const = default;
};

}  // namespace gof::forward
