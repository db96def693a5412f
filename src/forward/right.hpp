#pragma once

#include "forward/access.hpp"

#include <string_view>

namespace gof::forward {

/// By what a connection was let in: a grant, or who it is that uses the service.
struct right {
  std::optional<access::grant_id> grant;  ///< empty: the peer is allowed without
  gof::peer peer;
  std::string service;

  bool counts(const access& grants) const;

  /// The same for all connections that are held by one right, whoever holds a grant; of() reads it.
  std::string label() const;
  static right of(std::string_view label);

  bool operator==(const right&) const = default;
};

}  // namespace gof::forward
