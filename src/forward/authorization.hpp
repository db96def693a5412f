#pragma once

#include "forward/access_policy.hpp"

#include <string_view>

namespace gof::forward {

/// By what a connection was let in: a grant, or who it is that uses the service.
struct authorization {
  std::optional<access_policy::grant_id> grant;  ///< empty: the peer is allowed without
  gof::peer peer;
  std::string service;

  bool is_valid(const access_policy& grants) const;

  /// The same for all connections by one authorization, whoever holds a grant; of() reads it.
  std::string label() const;
  static authorization of(std::string_view label);

  bool operator==(const authorization&) const = default;
};

}  // namespace gof::forward
