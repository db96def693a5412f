#include "cli/output/serve_text.hpp"

namespace gof::cli {
namespace {

constexpr std::uint16_t first_unprivileged = 1024;

/// The usual alternatives to well-known ports; for others, 10,000 plus the port.
std::uint16_t local_port(std::uint16_t port) {
  if (port >= first_unprivileged) return port;
  switch (port) {
    case 0: return 0;  // a unix socket
    case 22: return 2222;
    case 80: return 8080;
    case 443: return 8443;
    default: return static_cast<std::uint16_t>(10'000 + port);
  }
}

}  // namespace

std::string services_text(const std::vector<forward::service>& services) {
  std::string list;
  for (const auto& one : services) list += (list.empty() ? "" : ", ") + one.text();
  return list;
}

std::string paste_line(const std::string& ticket, const std::vector<forward::service>& services) {
  auto line = "gof forward " + ticket;
  for (const auto& one : services) line += ' ' + std::to_string(local_port(one.target.port)) + ':' + one.name;
  return line;
}

std::string show_line(const std::optional<std::filesystem::path>& key, const state::grant_book& book,
                      const state::grant& granted) {
  std::string line = "gof ticket";
  if (key) line += " --key '" + key->string() + '\'';
  line += " --show";
  if (book.grants().size() < 2) return line;
  std::string names, words;
  for (const auto& one : granted.services) {
    names += (names.empty() ? "" : ",") + one.name;
    words += (words.empty() ? "" : ",") + one.name + '=' + one.target;
  }
  // Another grant may have services of the same names.
  const auto meant = book.select(names);
  return line + ' ' + (meant && *meant == granted.id ? names : words);
}

}  // namespace gof::cli
