#include "base/peer_name.hpp"

#include "base/pasted_ticket.hpp"

#include <algorithm>
#include <functional>

namespace gof {
namespace {

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.';
}

}  // namespace

bool is_peer_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_peer_name && text.front() != '-' &&
         !begins_like_ticket(text) && std::all_of(text.begin(), text.end(), plain);
}

std::string peer_name_or_none(std::string_view text) {
  return is_peer_name(text) ? std::string(text) : std::string();
}

std::string peer_name_of_host(std::string_view host) {
  std::string name(host);
  std::replace_if(name.begin(), name.end(), std::not_fn(plain), '-');
  name.erase(0, std::min(name.find_first_not_of('-'), name.size()));
  if (begins_like_ticket(name)) name.insert(0, "host-");
  name.resize(std::min(name.size(), longest_peer_name));
  return name.empty() ? "gof" : name;
}

}  // namespace gof
