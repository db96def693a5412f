#pragma once

#include "daemon/ticket_source.hpp"
#include "forward/spec.hpp"
#include "forward/target.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gof::daemon {

/// The peers that may use a service without a ticket, by its name; under every_service: all services.
using allowances = std::map<std::string, std::set<gof::peer>>;
constexpr std::string_view every_service = "*";

/// Services of one peer, and where to listen for them.
struct forward_rule {
  peer_argument peer;
  std::vector<forward::spec> specs;
  std::string place;  ///< prefix of its problems: "gof.conf:12: ", or empty
};

/// What `gof run` must do.
struct plan {
  std::vector<std::vector<forward::service>> serves;  ///< each list has its own ticket
  allowances allow;
  std::vector<forward_rule> forwards;
};

}  // namespace gof::daemon
