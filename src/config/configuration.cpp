#include "config/configuration.hpp"

#include "base/nearest.hpp"
#include "forward/taken_places.hpp"

#include <algorithm>
#include <map>

namespace gof::config {
namespace {

using forward::in_quotes;

constexpr std::string_view kinds[] = {"node", "serve", "forward", "alias"};
constexpr std::string_view serve_keys[] = {"target", "allow"};
constexpr std::string_view forward_keys[] = {"peer", "listen", "service"};
constexpr std::string_view alias_keys[] = {"peer"};

std::string suggestion(std::string_view text, std::span<const std::string_view> known) {
  if (const auto near = nearest(text, known); !near.empty())
    return "; did you mean " + std::string(near) + "?";
  std::string list;
  for (const auto one : known) list += (list.empty() ? "; there are " : ", ") + std::string(one);
  return list;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  constexpr std::string_view between = ", \t";
  while (!list.empty()) {
    const auto end = std::min(list.find_first_of(between), list.size());
    if (end > 0) parts.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(list.size(), end + 1));
  }
  return parts;
}

/// Adds sections one by one to a configuration.
class reader {
 public:
  explicit reader(std::string_view file) { made_.file = file; }

  result<void> read(const section& s) {
    if (std::find(std::begin(kinds), std::end(kinds), s.kind) == std::end(kinds))
      return wrong(s.line, "unknown section [" + s.kind + "]" + suggestion(s.kind, kinds));
    if (s.kind == "node") return read_node(s);
    if (s.name.empty()) return wrong(s.line, "[" + s.kind + "] needs a name: [" + s.kind + " NAME]");
    if (const auto [before, fresh] = headings_.emplace(s.kind + ' ' + s.name, s.line); !fresh)
      return wrong(s.line,
                   "[" + before->first + "] stands in line " + std::to_string(before->second) + " too");
    if (s.kind == "serve") return read_serve(s);
    return s.kind == "forward" ? read_forward(s) : read_alias(s);
  }

  configuration take() {
    std::vector<forward::local_endpoint*> listeners;
    for (auto& one : made_.forwards)
      for (auto& spec : one.specs) listeners.push_back(&spec.local);
    forward::leave_named_places(listeners);
    return std::move(made_);
  }

 private:
  problem wrong(std::size_t line, const std::string& why) const {
    return {made_.place(line) + forward::without_tickets(why)};
  }

  /// The keys have the meaning of the options of the same names.
  result<void> read_node(const section& s) {
    if (!s.name.empty()) return wrong(s.line, "[node] has no name");
    made_.node.insert(made_.node.end(), s.entries.begin(), s.entries.end());
    return {};
  }

  result<void> check_keys(const section& s, std::span<const std::string_view> known) const {
    for (const auto& one : s.entries)
      if (std::find(known.begin(), known.end(), one.key) == known.end())
        return wrong(one.line, "unknown key " + in_quotes(one.key) + " in [" + s.kind + "]" +
                                   suggestion(one.key, known));
    return {};
  }

  /// The entry of a key that may be given only once; null: there is none.
  result<const entry*> once(const section& s, std::string_view key) const {
    const entry* found = nullptr;
    for (const auto& one : s.entries) {
      if (one.key != key) continue;
      if (found) return wrong(one.line, one.key + " stands in line " + std::to_string(found->line) + " too");
      found = &one;
    }
    return found;
  }

  result<const entry*> needed(const section& s, std::string_view key) const {
    auto found = once(s, key);
    if (found && !*found)
      return wrong(s.line, "[" + s.kind + ' ' + s.name + "] needs " + std::string(key) + " =");
    return found;
  }

  result<void> read_serve(const section& s) {
    if (auto known = check_keys(s, serve_keys); !known) return known;
    const auto target = needed(s, "target");
    if (!target) return target.error();
    const std::string text[] = {s.name + '=' + (*target)->value};
    auto services = forward::service::parse(text);
    if (!services) return wrong((*target)->line, services.error().what);
    serve_section made{std::move(*services), {}, s.line};
    for (const auto& one : made.services) {
      if (const auto [before, fresh] = served_.emplace(one.name, s.line); !fresh)
        return wrong(s.line,
                     "service " + one.name + " stands in line " + std::to_string(before->second) + " too");
      if (served_.size() > forward::service::most)
        return wrong(s.line, "more than " + std::to_string(forward::service::most) + " services");
    }
    for (const auto& one : s.entries)
      if (one.key == "allow")
        for (auto& who : split(one.value)) made.allow.push_back({std::move(who), one.line});
    made_.serves.push_back(std::move(made));
    return {};
  }

  result<void> read_forward(const section& s) {
    if (auto known = check_keys(s, forward_keys); !known) return known;
    const auto peer = needed(s, "peer");
    if (!peer) return peer.error();
    const auto service = once(s, "service");
    if (!service) return service.error();
    forward_section made{s.name, {(*peer)->value, (*peer)->line}, {}, s.line};
    for (const auto& one : s.entries) {
      if (one.key != "listen") continue;
      const std::string text[] = {one.value + (*service ? ':' + (*service)->value : std::string())};
      auto specs = forward::spec::parse(text);
      if (!specs) return wrong(one.line, specs.error().what);
      if (auto taken = take_listeners(*specs, one.line); !taken) return taken;
      made.specs.insert(made.specs.end(), specs->begin(), specs->end());
    }
    if (made.specs.empty()) return wrong(s.line, "[forward " + s.name + "] needs listen =");
    made_.forwards.push_back(std::move(made));
    return {};
  }

  result<void> take_listeners(const std::vector<forward::spec>& specs, std::size_t line) {
    for (const auto& one : specs) {
      if (const auto before = listeners_.take(one.local, line))
        return wrong(line, one.local.text() + " is listened on by line " + std::to_string(*before) + " too");
      if (++listening_ > forward::spec::most)
        return wrong(line, "more than " + std::to_string(forward::spec::most) + " listeners");
    }
    return {};
  }

  result<void> read_alias(const section& s) {
    if (auto known = check_keys(s, alias_keys); !known) return known;
    const auto peer = needed(s, "peer");
    if (!peer) return peer.error();
    made_.aliases.push_back({s.name, {(*peer)->value, (*peer)->line}});
    return {};
  }

  configuration made_;
  std::map<std::string, std::size_t> headings_, served_;
  forward::taken_places listeners_;
  std::size_t listening_ = 0;
};

}  // namespace

const alias_section* configuration::alias(std::string_view name) const {
  const auto found = std::find_if(aliases.begin(), aliases.end(),
                                  [&](const alias_section& one) { return one.name == name; });
  return found == aliases.end() ? nullptr : &*found;
}

result<configuration> parse_configuration(std::string_view text, std::string_view file) {
  const auto sections = parse_ini(text, file);
  if (!sections) return sections.error();
  reader all(file);
  for (const auto& one : *sections)
    if (const auto read = all.read(one); !read) return read.error();
  return all.take();
}

}  // namespace gof::config
