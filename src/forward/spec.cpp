#include "forward/spec.hpp"

#include "forward/taken_places.hpp"
#include "log/text.hpp"

#include <algorithm>
#include <set>

namespace gof::forward {
namespace {

using log::address_text;

constexpr std::uint16_t first_unprivileged_port = 1024;

problem wrong(std::string_view word, const std::string& why) {
  return {in_quotes(word) + ": " + why};
}

bool is_path(std::string_view field) {
  return field.starts_with('/') || field.starts_with("./") || field.starts_with("../");
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_range(std::string_view field) {
  const auto dash = field.find('-');
  return dash != field.npos && is_digits(field.substr(0, dash)) && is_digits(field.substr(dash + 1));
}

/// A word split into its fields.
struct fields {
  std::optional<std::string_view> bind;
  std::string_view local;
  std::optional<std::string_view> remote;
};

/// Removes and returns the next field of `rest`, and its ':'. Keeps brackets whole. `last`: no ':' was left.
std::string_view take_field(std::string_view& rest, bool& last) {
  const auto from = rest.starts_with('[') ? rest.find(']') : 0;
  const auto colon = rest.find(':', from == rest.npos ? 0 : from);
  const auto field = rest.substr(0, colon);
  last = colon == rest.npos;
  rest.remove_prefix(last ? rest.size() : colon + 1);
  return field;
}

bool is_local(std::string_view field) {
  return is_digits(field) || is_range(field) || is_path(field);
}

result<fields> cut(std::string_view word) {
  if (word.empty()) return wrong(word, "an empty SPEC; it is [BIND:]LOCAL[:REMOTE]");
  fields found;
  auto rest = word;
  bool last = false;
  auto field = take_field(rest, last);
  if (field == "unix" && !last) {
    field = take_field(rest, last);
    if (field.empty()) return wrong(word, "no path behind 'unix:'");
  } else if (!is_local(field)) {
    if (field.ends_with("/udp") || field.ends_with("/tcp+udp"))
      return wrong(word, "UDP is not carried by this version, only TCP");
    if (last)
      return wrong(word, "no LOCAL; write a port to listen on and ':' before it (port 0: any free one)");
    found.bind = field;
    field = take_field(rest, last);
    if (!is_local(field))
      return wrong(word, in_quotes(field) +
                             " is not a port, a range of ports or a path to listen on; a SPEC is "
                             "[BIND:]LOCAL[:REMOTE], an IPv6 address in brackets");
  }
  found.local = field;
  if (!last) found.remote = rest;
  return found;
}

/// The address of a LOCAL port with this `bind`.
result<local_endpoint> parse_bind(std::string_view bind, std::string_view word) {
  local_endpoint local;
  // An empty address means every address in ssh -L, whose arguments are accepted unchanged.
  if (bind.empty() || bind == local_endpoint::every_address) {
    local.bind = local_endpoint::every_address;
    return local;
  }
  local.bind = bind;
  if (bind.starts_with('[')) {
    local.bind = bind.substr(1, bind.size() - (bind.ends_with(']') ? 2 : 1));
    if (!bind.ends_with(']') || !valid_host(local.bind) || local.bind.find(':') == std::string::npos)
      return wrong(word, in_quotes(bind) + " is not an IPv6 address in brackets");
  }
  if (!valid_host(local.bind)) return wrong(word, in_quotes(bind) + " is not an address to listen on");
  return local;
}

result<spec::remote_end> parse_remote(std::string_view remote, std::string_view word) {
  if (remote.empty()) return wrong(word, "nothing behind the last ':'; leave it out, or name a service");
  if (valid_name(remote)) return spec::remote_end(std::string(remote));
  auto chosen = target::parse(remote);
  if (!chosen) {
    const bool name_like = remote.find_first_of(":/") == remote.npos;
    if (name_like)
      return wrong(word, in_quotes(remote) +
                             " is not a service name: lower-case letters, digits and '-', a letter or "
                             "digit first, at most 63");
    return wrong(word, chosen.error().what);
  }
  return spec::remote_end(std::move(*chosen));
}

/// The remote ends of a range, one for each port. A word that looks like a range is one here, although it
/// could also be a service's name.
result<std::vector<spec::remote_end>> parse_remote_range(std::string_view remote, std::size_t size,
                                                         std::string_view word) {
  std::vector<spec::remote_end> ends;
  const auto range = parse_port_range(remote);
  if (!range) return wrong(word, range.error().what);
  if (*range) {
    // Each port may be the name of a service.
    for (unsigned port = (*range)->first; port <= (*range)->second; ++port)
      ends.push_back(std::to_string(port));
  } else if (!valid_name(remote)) {
    const auto targets = target::parse_range(remote);
    if (!targets) return wrong(word, targets.error().what);
    ends.assign(targets->begin(), targets->end());
  }
  if (ends.size() != size)
    return wrong(word,
                 "a range of " + std::to_string(size) + " ports needs a range of as many behind it, or none");
  return ends;
}

result<std::vector<spec>> parse_range_word(const fields& cut_up, const local_endpoint& bind,
                                           const port_range& range, std::string_view word) {
  const std::size_t size = range.second - range.first + 1u;
  if (range.first == 0) return wrong(word, "a range starts at port 1");
  if (size > spec::most)
    return wrong(word, "a range is of at most " + std::to_string(spec::most) + " ports, this one is of " +
                           std::to_string(size));
  std::vector<spec> all;
  for (unsigned port = range.first; port <= range.second; ++port)
    all.push_back({.local = {bind.bind, static_cast<std::uint16_t>(port), {}}, .remote = {}});
  if (!cut_up.remote) return all;
  const auto ends = parse_remote_range(*cut_up.remote, size, word);
  if (!ends) return ends.error();
  for (std::size_t i = 0; i < size; ++i) all[i].remote = (*ends)[i];
  return all;
}

result<local_endpoint> parse_local(const fields& cut_up, const local_endpoint& bind, std::string_view word) {
  if (const auto port = parse_port(cut_up.local)) return local_endpoint{bind.bind, *port, {}};
  if (is_digits(cut_up.local)) return wrong(word, in_quotes(cut_up.local) + " is not a port (0 to 65535)");
  if (cut_up.bind)
    return wrong(word,
                 "a unix socket has no address to listen on; leave " + in_quotes(*cut_up.bind) + " out");
  const auto path = target::parse("unix:" + std::string(cut_up.local));
  if (!path) return wrong(word, path.error().what);
  return local_endpoint{{}, 0, path->path};
}

result<std::vector<spec>> parse_word(std::string_view word) {
  const auto cut_up = cut(word);
  if (!cut_up) return cut_up.error();
  const auto bind = cut_up->bind ? parse_bind(*cut_up->bind, word) : local_endpoint();
  if (!bind) return bind.error();
  const auto range = parse_port_range(cut_up->local);
  if (!range) return wrong(word, range.error().what);
  if (*range) return parse_range_word(*cut_up, *bind, **range, word);
  spec one;
  auto local = parse_local(*cut_up, *bind, word);
  if (!local) return local.error();
  one.local = std::move(*local);
  if (cut_up->remote) {
    auto remote = parse_remote(*cut_up->remote, word);
    if (!remote) return remote.error();
    one.remote = std::move(*remote);
  }
  return std::vector{std::move(one)};
}

std::string list_of(std::span<const offered_service> offered) {
  std::string text;
  for (const auto& service : offered) text += (text.empty() ? "" : " ") + service.name;
  return text;
}

const offered_service* find(std::span<const offered_service> offered, std::string_view name) {
  const auto found =
      std::find_if(offered.begin(), offered.end(), [&](const offered_service& s) { return s.name == name; });
  return found == offered.end() ? nullptr : &*found;
}

/// The only service with this port at its target; null: none, or several.
const offered_service* find_by_port(std::span<const offered_service> offered, std::string_view text) {
  const auto port = parse_port(text);
  if (!port || *port == 0) return nullptr;
  const offered_service* found = nullptr;
  for (const auto& service : offered) {
    if (service.port_hint != *port) continue;
    if (found != nullptr) return nullptr;
    found = &service;
  }
  return found;
}

std::vector<forwarding> everything(std::span<const offered_service> offered) {
  std::vector<forwarding> all;
  std::set<std::uint16_t> taken;
  for (const auto& service : offered) {
    const bool own = service.port_hint >= first_unprivileged_port && taken.insert(service.port_hint).second;
    forwarding one{.local = {}, .service = service.name};
    if (own) one.local.port = service.port_hint;
    all.push_back(std::move(one));
  }
  return all;
}

result<const offered_service*> service_of(const spec& one, std::span<const offered_service> offered) {
  const auto local = in_quotes(one.local.text());
  if (one.remote) {
    const auto* name = std::get_if<std::string>(&*one.remote);
    if (name == nullptr) {
      const auto& chosen = std::get<target>(*one.remote);
      const auto* meant = chosen.is_unix() ? nullptr : find_by_port(offered, std::to_string(chosen.port));
      return problem{
          "forward " + local + ": " + in_quotes(chosen.text()) +
          " is a target of your own choosing; this version reaches the services of the ticket only: " +
          list_of(offered) + (meant == nullptr ? "" : "; did you mean " + meant->name + "?")};
    }
    if (const auto* service = find(offered, *name)) return service;
    if (const auto* service = find_by_port(offered, *name)) return service;
    return problem{"forward " + local + ": the ticket has no service " + in_quotes(*name) +
                   "; it has: " + list_of(offered)};
  }
  if (const auto* swapped = find(offered, one.local.bind))
    return problem{"forward " + in_quotes(one.local.text()) + ": the port to listen on comes first: " +
                   std::to_string(one.local.port) + ':' + swapped->name};
  if (offered.size() == 1) return &offered.front();
  const auto like = default_name(
      {.host = one.local.is_unix() ? "" : "localhost", .port = one.local.port, .path = one.local.path});
  if (const auto* service = find(offered, like)) return service;
  return problem{"forward " + local +
                 ": which service? write it behind a ':'; the ticket has: " + list_of(offered)};
}

}  // namespace

std::string local_endpoint::text() const {
  if (is_unix()) return "unix:" + path;
  return address_text(bind.empty() ? "127.0.0.1" : bind, port);
}

result<std::vector<spec>> spec::parse(std::span<const std::string> words) {
  std::vector<spec> all;
  taken_places taken;
  for (const auto& word : words) {
    auto specs = parse_word(word);
    if (!specs) return specs.error();
    for (auto& one : *specs) {
      if (taken.take(one.local, all.size()))
        return wrong(word, "listens on " + one.local.text() + " a second time");
      if (all.size() >= spec::most)
        return wrong(word, "at most " + std::to_string(spec::most) + " listeners a process");
      all.push_back(std::move(one));
    }
  }
  leave_named_places(all);
  return all;
}

result<std::vector<forwarding>> resolve(std::span<const spec> specs,
                                        std::span<const offered_service> offered) {
  if (offered.empty()) return problem{"the ticket has no service"};
  if (specs.empty()) return everything(offered);
  std::vector<forwarding> all;
  for (const auto& one : specs) {
    const auto service = service_of(one, offered);
    if (!service) return service.error();
    all.push_back({one.local, (*service)->name});
  }
  return all;
}

}  // namespace gof::forward
