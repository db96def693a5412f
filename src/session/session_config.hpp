#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "secure/identity.hpp"

#include <string>

namespace gof::core {

struct session_config {
  const secure::identity& self;
  instance_id instance;
  node_id node;  ///< this node
  node_id other;
  std::string name;
  duration survive;
  host_id host{};  ///< the machine that this node runs on; zero: unknown
};

}  // namespace gof::core
