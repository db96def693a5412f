#pragma once

#include "cli/peer_word.hpp"
#include "forward/spec.hpp"
#include "forward/target.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace gof::cli {

/// Who may use a service without a ticket, by its name; under every_service, all that is served.
using allowances = std::map<std::string, std::set<gof::peer>>;
constexpr std::string_view every_service = "*";

/// What `gof run` is to do.
struct plan {
  struct wish {
    peer_word peer;
    std::vector<forward::spec> specs;
    std::string place;  ///< how a problem with it begins: "gof.conf:12: ", or nothing
  };

  std::vector<std::vector<forward::service>> serves;  ///< each with a ticket of its own
  allowances allow;
  std::vector<wish> forwards;
};

/// What a file says of that. The problem begins with "FILE:LINE: ".
result<plan> plan_of(const config::configuration& file);

/// One PEER of --allow or allow =.
result<gof::peer> read_allowed(std::string_view word, const config::configuration* file);

}  // namespace gof::cli
