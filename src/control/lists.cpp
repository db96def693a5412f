#include "control/lists.hpp"

#include "control/line.hpp"
#include "log/json_text.hpp"
#include "log/text.hpp"

#include <boost/json.hpp>

#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace gof::control {
namespace {

namespace json = boost::json;

/// A member of an object: its entries, one list after another.
struct member {
  std::string_view name;
  std::vector<const list_text*> lists;
};

/// Of an object that ends with these arrays. What takes megabytes is copied once.
std::string line_with(const json::object& head, const std::vector<member>& arrays) {
  auto line = log::json_text(head);
  line.pop_back();
  auto size = line.size() + 1;
  for (const auto& array : arrays) {
    size += array.name.size() + std::string_view(R"(,"":[])").size();
    for (const auto* list : array.lists) size += list->entries().size() + 1;
  }
  line.reserve(size);
  for (const auto& array : arrays) {
    line.append(",\"").append(array.name).append("\":[");
    bool first = true;
    for (const auto* list : array.lists) {
      if (list->entries().empty()) continue;
      if (!std::exchange(first, false)) line += ',';
      line += list->entries();
    }
    line += ']';
  }
  return line += '}';
}

json::array strings(const std::set<std::string>& from) {
  json::array all;
  for (const auto& one : from) all.push_back(json::value(json::string(one)));
  return all;
}

}  // namespace

void list_text::add(const json::object& entry) {
  if (!entries_.empty()) entries_ += ',';
  entries_ += log::json_text(entry);
}

void peers_answer::add(const known_node& one) {
  const auto relays = one.reachable ? one.through.size() : std::numeric_limits<std::size_t>::max();
  by_relays_[relays].add(peer_object(one));
}

std::string peers_answer::line() const {
  member peers{"peers", {}};
  for (const auto& [relays, list] : by_relays_) peers.lists.push_back(&list);
  return line_with({{"version", 1}}, {peers});
}

void names_answer::add(const gof::peer& peer, const std::string& name) {
  all_.insert(peer);
  if (name.empty()) return;
  named_.insert(peer);
  peers_.insert(log::name_of(peer, name));
}

void names_answer::add(const known_node& one) {
  add(one.peer, one.name);
  services_.insert(one.services.begin(), one.services.end());
}

std::string names_answer::line() const {
  auto peers = peers_;
  for (const auto& one : all_)
    if (!named_.contains(one)) peers.insert(log::name_of(one, {}));
  return log::json_text({{"version", 1}, {"peers", strings(peers)}, {"services", strings(services_)}});
}

status_answer::status_answer(node_status s, forward::time_point at)
    : head_(status_object(s, at)), now_(std::move(s.now)) {}

bool status_answer::make(std::size_t most) {
  for (; most > 0 && sessions_ < now_.sessions.size(); --most)
    of_sessions_.add(session_object(now_.sessions[sessions_++]));
  for (; most > 0 && links_ < now_.links.size(); --most) of_links_.add(link_object(now_.links[links_++]));
  return sessions_ < now_.sessions.size() || links_ < now_.links.size();
}

std::string status_answer::line() const {
  return line_with(head_, {{"peers", {&of_sessions_}}, {"links", {&of_links_}}});
}

}  // namespace gof::control
