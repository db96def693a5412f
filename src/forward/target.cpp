#include "forward/target.hpp"

#include "base/pasted_ticket.hpp"
#include "base/peer_name.hpp"
#include "base/utf8.hpp"
#include "dial/unix_address.hpp"

#include <algorithm>
#include <charconv>

namespace gof::forward {
namespace {

constexpr std::size_t longest_name = 63;
constexpr std::size_t longest_host = 253;
constexpr std::size_t longest_quote = 80;  // of a word in a message

constexpr std::string_view forms = "PORT, HOST:PORT, [IPV6]:PORT, unix:PATH, unix:@NAME or /PATH";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c);
}

bool is_letter_or_digit(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z');
}

/// The word in which an error was found.
struct context {
  std::string_view word;
  problem wrong(const std::string& why) const { return {in_quotes(word) + ": " + why}; }
};

constexpr std::string_view tcp = "/tcp";
constexpr std::string_view udp = "/udp";
constexpr std::string_view tcp_and_udp = "/tcp+udp";

bool ends_with_protocol(std::string_view text) {
  return text.ends_with(tcp) || text.ends_with(udp) || text.ends_with(tcp_and_udp);
}

/// Removes the suffix; the problem is UDP. A text that is only a suffix is a path.
result<std::string_view> without_protocol(std::string_view text, const context& at) {
  for (const auto unsupported : {udp, tcp_and_udp})
    if (text.ends_with(unsupported) && text.size() > unsupported.size())
      return at.wrong("UDP is not carried by this version, only TCP");
  if (text.ends_with(tcp) && text.size() > tcp.size()) text.remove_suffix(tcp.size());
  return text;
}

result<target> parse_path(std::string_view path, const context& at) {
  if (path.empty() || path == "/") return at.wrong("no path of a unix socket");
  const bool abstract = dial::is_abstract(path);
  const auto size = path.size() - (abstract ? 1 : 0);
  if (size == 0) return at.wrong("no name after '@'; an abstract unix socket is unix:@NAME");
  if (size > target::longest_path)
    return at.wrong(std::string(abstract ? "the name of an abstract" : "the path of a") +
                    " unix socket is at most " + std::to_string(target::longest_path) +
                    " bytes long, this one is " + std::to_string(size));
  if (std::any_of(path.begin(), path.end(), utf8::is_control))
    return at.wrong("a control character in the path");
  if (path.ends_with('/') && !abstract) return at.wrong("the path of a unix socket does not end with '/'");
  return target{.host = {}, .port = 0, .path = std::string(path)};
}

struct host_and_port {
  std::string_view host;
  std::string_view port;
};

/// The port that a program of this name listens on, and that its URLs mean when they have none.
std::string_view usual_port(std::string_view scheme) {
  constexpr std::pair<std::string_view, std::string_view> known[] = {
      {"http", "80"},       {"https", "443"},       {"ws", "80"},         {"wss", "443"},
      {"ssh", "22"},        {"ftp", "21"},          {"mysql", "3306"},    {"redis", "6379"},
      {"postgres", "5432"}, {"postgresql", "5432"}, {"mongodb", "27017"}, {"amqp", "5672"},
      {"mqtt", "1883"},     {"ldap", "389"},        {"rdp", "3389"},      {"vnc", "5900"}};
  for (const auto& [name, port] : known)
    if (name == scheme) return port;
  return {};
}

/// What to write in place of a URL: its host and port.
std::string without_url(std::string_view text, std::size_t scheme_ends) {
  auto rest = text.substr(scheme_ends + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto user = rest.rfind('@'); user != rest.npos) rest.remove_prefix(user + 1);
  if (rest.empty()) return "HOST:PORT";
  const bool has_port =
      rest.find(':', rest.starts_with('[') ? std::min(rest.find(']'), rest.size()) : 0) != rest.npos;
  const auto port = usual_port(text.substr(0, scheme_ends));
  return std::string(rest) + (has_port ? "" : ':' + std::string(port.empty() ? "PORT" : port));
}

result<host_and_port> split(std::string_view text, const context& at) {
  // Not repeated, as it may hold a password.
  if (const auto scheme = text.find("://"); scheme != text.npos)
    return problem{in_quotes(text.substr(0, scheme + 3)) +
                   ": a target is no URL, as gof carries any TCP connection; write " +
                   without_url(text, scheme)};
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return at.wrong("no ']' behind the IPv6 address");
    const auto host = text.substr(1, end - 1);
    if (!text.substr(end + 1).starts_with(':')) return at.wrong("no port; write [IPV6]:PORT");
    if (!valid_host(host) || host.find(':') == host.npos)
      return at.wrong(in_quotes(host) + " is not an IPv6 address");
    return host_and_port{host, text.substr(end + 2)};
  }
  const auto colon = text.rfind(':');
  if (colon == text.npos) return host_and_port{"localhost", text};
  const auto host = text.substr(0, colon);
  if (host.empty()) return at.wrong("no host before ':'; a port alone means localhost");
  if (host.find(':') != host.npos) return at.wrong("an IPv6 address stands in brackets: [IPV6]:PORT");
  if (is_digits(host)) return at.wrong(in_quotes(host) + " is not a host; a service is named by NAME=TARGET");
  if (!valid_host(host)) return at.wrong(in_quotes(host) + " is not a host name or address");
  return host_and_port{host, text.substr(colon + 1)};
}

result<std::uint16_t> parse_target_port(const host_and_port& parts, std::string_view text,
                                        const context& at) {
  if (const auto port = parse_port(parts.port); port && *port != 0) return *port;
  if (parts.port.empty()) return at.wrong("no port behind ':'");
  if (is_digits(parts.port)) return at.wrong(in_quotes(parts.port) + " is not a port (1 to 65535)");
  const bool alone = text.find(':') == text.npos;
  if (const auto port = usual_port(text); alone && !port.empty())
    return at.wrong("a target is a port or an address; did you mean " + std::string(text) + '=' +
                    std::string(port) + '?');
  if (alone) return at.wrong("not a target: " + std::string(forms));
  return at.wrong(in_quotes(parts.port) + " is not a port (1 to 65535) or a range of ports (5000-5010)");
}

result<std::vector<target>> parse_all(std::string_view text, const context& at) {
  if (text.empty()) return at.wrong("no target: " + std::string(forms));
  const auto bare = without_protocol(text, at);
  if (!bare) return bare.error();
  constexpr std::string_view unix_prefix = "unix:";
  if (bare->starts_with('/') || bare->starts_with(unix_prefix)) {
    const auto path = parse_path(bare->starts_with('/') ? *bare : bare->substr(unix_prefix.size()), at);
    if (!path) return path.error();
    return std::vector{*path};
  }
  const auto parts = split(*bare, at);
  if (!parts) return parts.error();
  const auto range = parse_port_range(parts->port);
  if (!range) return at.wrong(range.error().what);
  std::vector<target> targets;
  if (*range) {
    const auto [first, last] = **range;
    if (last - first >= static_cast<int>(target::most_of_range))
      return at.wrong("a range is of at most " + std::to_string(target::most_of_range) +
                      " ports, this one is of " + std::to_string(last - first + 1));
    if (first == 0) return at.wrong("'0' is not a port (1 to 65535)");
    for (unsigned port = first; port <= last; ++port)
      targets.push_back(
          {.host = std::string(parts->host), .port = static_cast<std::uint16_t>(port), .path = {}});
    return targets;
  }
  const auto port = parse_target_port(*parts, *bare, at);
  if (!port) return port.error();
  targets.push_back({.host = std::string(parts->host), .port = *port, .path = {}});
  return targets;
}

/// NAME and TARGET of a word; without NAME it is empty. A '=' in a path belongs to the path.
result<std::pair<std::string_view, std::string_view>> split_name(std::string_view word, const context& at) {
  if (word.starts_with('/') || word.starts_with("unix:")) return std::pair{std::string_view(), word};
  const auto equals = word.find('=');
  if (equals == word.npos || word.find("://") < equals) return std::pair{std::string_view(), word};
  const auto name = word.substr(0, equals);
  if (name.empty()) return at.wrong("no name before '='");
  if (!valid_name(name))
    return at.wrong(in_quotes(name) +
                    " is not a service name: lower-case letters, digits and '-', a letter or digit "
                    "first, at most 63");
  return std::pair{name, word.substr(equals + 1)};
}

result<std::vector<service>> parse_word(std::string_view word) {
  const context at{word};
  const auto parts = split_name(word, at);
  if (!parts) return parts.error();
  const auto targets = parse_all(parts->second, at);
  if (!targets) return targets.error();
  std::vector<service> services;
  for (const auto& target : *targets) {
    std::string name(parts->first);
    if (name.empty())
      name = default_name(target);
    else if (targets->size() > 1)
      name += '-' + std::to_string(target.port);
    if (name.empty())
      return at.wrong("no name can be made of this path; give one: NAME=" + std::string(word));
    if (!valid_name(name)) return at.wrong(in_quotes(name) + " is too long for a service name (63 at most)");
    services.push_back({std::move(name), target});
  }
  return services;
}

}  // namespace

std::string in_quotes(std::string_view word) {
  const auto secret = find_ticket(word);
  const auto shown =
      secret == word.npos ? longest_quote : std::min(longest_quote, secret + ticket_prefix.size());
  std::string text = "'";
  for (const char c : word.substr(0, shown)) text += utf8::is_control(c) ? '?' : c;
  return text + (word.size() > shown ? "...'" : "'");
}

std::string without_tickets(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto found = find_ticket(text);
    const auto head = found == text.npos ? text.size() : found + ticket_prefix.size();
    out += text.substr(0, head);
    text.remove_prefix(head);
    const auto rest = std::find_if_not(text.begin(), text.end(), is_letter_or_digit);
    if (rest == text.begin()) continue;
    out += "...";
    text.remove_prefix(static_cast<std::size_t>(rest - text.begin()));
  }
  return out;
}

bool valid_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && is_lower_or_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool valid_host(std::string_view host) {
  return !host.empty() && host.size() <= longest_host && std::all_of(host.begin(), host.end(), [](char c) {
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_' || c == ':' ||
           c == '%';
  });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

result<std::optional<port_range>> parse_port_range(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == text.npos || !is_digits(text.substr(0, dash)) || !is_digits(text.substr(dash + 1)))
    return std::optional<port_range>();
  const auto first = parse_port(text.substr(0, dash));
  const auto last = parse_port(text.substr(dash + 1));
  if (!first || !last) return problem{"a port of the range " + in_quotes(text) + " is above 65535"};
  if (*first > *last) return problem{"the range " + in_quotes(text) + " ends before it starts"};
  return std::optional(port_range{*first, *last});
}

std::string target::text() const {
  // A path that itself ends like a protocol needs a second suffix, which parse() removes.
  if (is_unix()) return "unix:" + path + (ends_with_protocol(path) ? "/tcp" : "");
  const bool v6 = host.find(':') != host.npos;
  return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

result<target> target::parse(std::string_view text) {
  const auto all = parse_all(text, {text});
  if (!all) return all.error();
  if (all->size() != 1) return problem{in_quotes(text) + ": a range of ports where one target is meant"};
  return all->front();
}

result<std::vector<target>> target::parse_range(std::string_view text) {
  return parse_all(text, {text});
}

std::string default_name(const target& unnamed) {
  if (!unnamed.is_unix()) return std::to_string(unnamed.port);
  std::string name;
  const std::string_view path = unnamed.path;
  for (char c : path.substr(path.rfind('/') + 1)) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_lower_or_digit(c))
      name += c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  name.resize(std::min(name.size(), longest_name));
  while (name.ends_with('-')) name.pop_back();
  return name;
}

result<std::vector<service>> service::parse(std::span<const std::string> words) {
  std::vector<service> all;
  for (const auto& word : words) {
    auto services = parse_word(word);
    if (!services) return services.error();
    for (auto& next : *services) {
      const auto same =
          std::find_if(all.begin(), all.end(), [&](const service& s) { return s.name == next.name; });
      if (same != all.end())
        return problem{in_quotes(word) + ": there is a service " + in_quotes(next.name) + " already (" +
                       same->text() + "); give another name: NAME=" + next.target.text()};
      if (all.size() >= service::most)
        return problem{in_quotes(word) + ": a node offers at most " + std::to_string(service::most) +
                       " services"};
      all.push_back(std::move(next));
    }
  }
  return all;
}

}  // namespace gof::forward
