#include "wire/address.hpp"

#include "wire/ticket_form.hpp"

#include <algorithm>
#include <charconv>

namespace gof::wire {
namespace {

/// Longer than anything typed by hand. A ticket with a mistyped prefix begins with bytes that are not secret.
constexpr std::size_t longest_quote = 40;

/// Text to repeat in a message: of a ticket only its prefix.
std::string quoted(std::string_view text) {
  const auto ticket = text.find(ticket_form::prefix);
  const auto shown =
      ticket == text.npos ? longest_quote : std::min(longest_quote, ticket + ticket_form::prefix.size());
  return "'" + std::string(text.substr(0, shown)) + (text.size() > shown ? "...'" : "'");
}

/// Letters, digits and the punctuation of host names and IP literals: nothing that is special to a terminal
/// or a shell.
bool plain(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '%';
  });
}

bool valid_host(std::string_view host) {
  return !host.empty() && host.size() <= address::longest_host && plain(host);
}

}  // namespace

std::string address::text() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

result<address> address::parse(std::string_view text) {
  const auto wrong = [&](std::string_view why) { return problem{quoted(text) + ": " + std::string(why)}; };
  address a;
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == text.npos) return wrong("no ']' behind the IPv6 address");
    a.host = text.substr(1, end - 1);
    if (a.host.find(':') == std::string::npos) return wrong("only an IPv6 address stands in brackets");
    if (!text.substr(end + 1).starts_with(':')) return wrong("no port; write [IPV6]:PORT");
    port = text.substr(end + 2);
  } else {
    const auto colon = text.rfind(':');
    if (colon == text.npos) return wrong("no port; write HOST:PORT");
    a.host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (a.host.find(':') != std::string::npos)
      return wrong("an IPv6 address stands in brackets: [IPV6]:PORT");
  }
  if (!valid_host(a.host)) return wrong(quoted(a.host) + " is not a host name or address");
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), a.port);
  if (error != std::errc{} || end != port.data() + port.size())
    return wrong(quoted(port) + " is not a port (0 to 65535)");
  return a;
}

void address::encode(writer& to) const {
  to.short_block(as_bytes(host)).u16(port);
}

std::optional<address> address::decode(reader& from) {
  address a;
  a.host = as_text(from.short_block());
  a.port = from.u16();
  if (!from.ok() || !valid_host(a.host) || a.port == 0) return std::nullopt;
  return a;
}

}  // namespace gof::wire
