#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace gof::os {

using environment = std::map<std::string, std::string, std::less<>>;

/// The GOF_* variables, and those that determine where files are. GOF_TICKET, and every other GOF_* variable
/// that may hold a secret, is overwritten in place and unset.
environment take_environment();

/// The value of a variable; empty if it is not set.
std::string variable(const environment& variables, std::string_view name);

}  // namespace gof::os
