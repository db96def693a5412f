#pragma once

#include <gof/identity.hpp>

#include <string>

namespace gof {

/// Where a stream leads: a peer and the name of one of its services. A value.
struct endpoint {
  gof::peer peer;
  std::string service;

  auto operator<=>(const endpoint&) const = default;
};

}  // namespace gof
