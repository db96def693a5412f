#include "os/environment.hpp"

#include "os/redact.hpp"

#include <cstdlib>
#include <cstring>
#include <vector>

extern char** environ;

namespace gof::os {
namespace {

bool is_wanted(std::string_view name) {
  return name.starts_with("GOF_") || name == "HOME" || name == "XDG_STATE_HOME" ||
         name == "XDG_CONFIG_HOME" || name == "NO_COLOR" || name == "NOTIFY_SOCKET" ||
         name == "WATCHDOG_USEC" || name == "XDG_RUNTIME_DIR" || name == "TERM";
}

}  // namespace

environment take_environment() {
  environment taken;
  std::vector<std::string> secret;
  for (char** entry = environ; entry && *entry; ++entry) {
    char* const equals = std::strchr(*entry, '=');
    if (!equals) continue;
    const std::string name(*entry, equals);
    if (!is_wanted(name)) continue;
    taken.emplace(name, equals + 1);
    if (name.starts_with("GOF_") && redact_secrets({equals + 1, std::strlen(equals + 1)}))
      secret.push_back(name);
  }
  for (const auto& name : secret) ::unsetenv(name.c_str());
  return taken;
}

std::string variable(const environment& variables, std::string_view name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string() : found->second;
}

}  // namespace gof::os
