#include "state/port_file.hpp"

#include "state/kept_file.hpp"

#include <charconv>
#include <string>

namespace gof::state {
namespace {

constexpr std::string_view format = "gof-port-1 ";

kept_file at(const std::filesystem::path& path) {
  return {.path = path,
          .noun = "port file",
          .cure = "remove it: a new free port is then taken, and tickets printed before name the old one",
          .secret = false};
}

}  // namespace

result<std::optional<std::uint16_t>> load_port(const std::filesystem::path& path) {
  const auto file = at(path);
  const auto found = file.read();
  if (!found) return found.error();
  if (!*found) return std::optional<std::uint16_t>();
  auto text = (*found)->view();
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (!text.starts_with(format)) return file.damaged("does not start with 'gof-port-1'");
  text.remove_prefix(format.size());
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0)
    return file.damaged("what follows 'gof-port-1' is not a port (1 to 65535)");
  return std::optional<std::uint16_t>(port);
}

result<bool> keep_port(const std::filesystem::path& path, std::uint16_t port) {
  return at(path).create(std::string(format) + std::to_string(port) + '\n');
}

}  // namespace gof::state
