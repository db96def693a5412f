#pragma once

#include <string>
#include <vector>

namespace gof::os {

/// The machine's own addresses, on interfaces that are up (getifaddrs(3)).
std::vector<std::string> interface_addresses();

}  // namespace gof::os
