#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace gof::os {

using environment = std::map<std::string, std::string, std::less<>>;

/// The GOF_* variables, and those that say where files are. GOF_TICKET is overwritten in place and unset, and
/// with it every other GOF_* variable that may hold a secret.
environment take_environment();

/// The text of a variable; empty when it is not set.
std::string variable(const environment& variables, std::string_view name);

}  // namespace gof::os
