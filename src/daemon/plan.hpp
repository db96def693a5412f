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

/// Who may use a service without a ticket, by its name; under every_service, all that is served.
using allowances = std::map<std::string, std::set<gof::peer>>;
constexpr std::string_view every_service = "*";

/// Services of one peer, and where to listen for them.
struct forward_rule {
  peer_argument peer;
  std::vector<forward::spec> specs;
  std::string place;  ///< how a problem with it begins: "gof.conf:12: ", or nothing
};

/// What `gof run` is to do.
struct plan {
  std::vector<std::vector<forward::service>> serves;  ///< each with a ticket of its own
  allowances allow;
  std::vector<forward_rule> forwards;
};

}  // namespace gof::daemon
