#include "cli/arguments/config_file.hpp"

#include "os/environment.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace gof::cli {
namespace {

using daemon::failure;
using daemon::outcome;
using enum daemon::exit_code;

failure wrong(const std::filesystem::path& path, const std::string& why) {
  return {bad_file, "configuration " + path.string() + ": " + why};
}

outcome<std::string> read_all(int descriptor, const std::filesystem::path& path) {
  std::string text;
  std::array<char, 16 * 1024> part;
  for (;;) {
    const auto got = ::read(descriptor, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return wrong(path, std::strerror(errno));
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
    if (text.size() > config::longest_file)
      return wrong(path, "larger than " + std::to_string(config::longest_file >> 20) +
                             " MiB; a configuration is never as long");
  }
}

}  // namespace

std::filesystem::path standard_config(const os::environment& variables) {
  if (const auto xdg = os::variable(variables, "XDG_CONFIG_HOME"); !xdg.empty())
    return std::filesystem::path(xdg) / "gof" / "gof.conf";
  if (const auto home = os::variable(variables, "HOME"); !home.empty())
    return std::filesystem::path(home) / ".config" / "gof" / "gof.conf";
  return "/etc/gof/gof.conf";
}

outcome<std::optional<config::configuration>> load_configuration(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR)) return std::optional<config::configuration>();
  if (descriptor < 0) return wrong(path, std::strerror(errno));
  const auto text = read_all(descriptor, path);
  ::close(descriptor);
  if (!text) return text.error();
  auto parsed = config::parse_configuration(*text, path.string());
  if (!parsed) return failure{bad_file, parsed.error().what};
  return std::optional(std::move(*parsed));
}

}  // namespace gof::cli
