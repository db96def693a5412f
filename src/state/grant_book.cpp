#include "state/grant_book.hpp"

#include "base/base32.hpp"
#include "wire/ticket.hpp"

#include <algorithm>
#include <cassert>

namespace gof::state {
namespace {

/// Whether the word is the service's NAME or NAME=TARGET.
bool means(std::string_view word, const granted_service& service) {
  return word == service.name || word == service.name + '=' + service.target;
}

std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> words;
  for (;;) {
    const auto comma = list.find(',');
    words.push_back(list.substr(0, comma));
    if (comma == list.npos) return words;
    list.remove_prefix(comma + 1);
  }
}

bool lists(const std::vector<std::string_view>& words, const grant& granted) {
  return words.size() == granted.services.size() &&
         std::all_of(granted.services.begin(), granted.services.end(), [&](const granted_service& service) {
           return std::count_if(words.begin(), words.end(),
                                [&](std::string_view word) { return means(word, service); }) == 1;
         });
}

bool has(std::string_view word, const grant& granted) {
  return std::any_of(granted.services.begin(), granted.services.end(),
                     [&](const granted_service& service) { return means(word, service); });
}

std::string list_of(const std::vector<const grant*>& grants) {
  std::string text;
  for (const auto* granted : grants) text += "\n  " + words_of(*granted);
  return text;
}

}  // namespace

std::string words_of(const grant& granted) {
  std::string text;
  for (const auto& service : granted.services)
    text += (text.empty() ? "" : " ") + service.name + '=' + service.target;
  return text;
}

secret_text grant_book::text() const {
  std::string out = "gof-grants-1\n";
  // A string that grows frees its old memory without wiping it, so the size is reserved beforehand.
  std::size_t size = 64 + withdrawn_.size() * 64;
  for (const auto& granted : grants_) {
    size += 128 + granted.last_ticket.size();
    for (const auto& service : granted.services) size += 16 + service.name.size() + service.target.size();
  }
  out.reserve(size);
  for (const auto& granted : grants_) {
    const secret_text token(to_base32(granted.token.view()));
    out.append("grant ").append(to_base32(granted.id.view())).append(" ").append(token.view()).append("\n");
    for (const auto& service : granted.services)
      out.append("service ").append(service.name).append(" ").append(service.target).append("\n");
    if (!granted.last_ticket.empty()) out.append("ticket ").append(granted.last_ticket).append("\n");
  }
  for (const auto& id : withdrawn_) out.append("withdrawn ").append(to_base32(id.view())).append("\n");
  out.append("end\n");
  assert(out.size() <= size);
  return secret_text(std::move(out));
}

const grant* grant_book::find(const grant_id& id) const {
  const auto found = std::find_if(grants_.begin(), grants_.end(), [&](const grant& g) { return g.id == id; });
  return found == grants_.end() ? nullptr : &*found;
}

grant* grant_book::find_own(const grant_id& id) {
  return const_cast<grant*>(find(id));
}

const grant* grant_book::find(std::vector<granted_service> services) const {
  std::sort(services.begin(), services.end());
  const auto found =
      std::find_if(grants_.begin(), grants_.end(), [&](const grant& g) { return g.services == services; });
  return found == grants_.end() ? nullptr : &*found;
}

bool grant_book::is_withdrawn(const grant_id& id) const {
  return std::find(withdrawn_.begin(), withdrawn_.end(), id) != withdrawn_.end();
}

result<grant_id> grant_book::select(std::optional<std::string_view> name) const {
  if (grants_.empty()) return problem{"there is no ticket yet; gof serve prints one"};
  std::vector<const grant*> found;
  std::vector<const grant*> all;
  for (const auto& granted : grants_) {
    all.push_back(&granted);
    if (!name || lists(split(*name), granted)) found.push_back(&granted);
  }
  if (found.empty())
    for (const auto& granted : grants_)
      if (has(*name, granted)) found.push_back(&granted);
  if (found.size() == 1) return found.front()->id;
  const std::string named = name ? "'" + std::string(*name) + "'" : "the ticket";
  if (found.empty()) return problem{"no ticket is for " + named + "; there are tickets for" + list_of(all)};
  return problem{named +
                 " may be any of several; list the services of one, joined by commas:" + list_of(found)};
}

result<grant> grant_book::create(std::vector<granted_service> services, random_source& random) {
  if (services.empty() || services.size() > most_services)
    return problem{"a ticket is for 1 to " + std::to_string(most_services) + " services, not " +
                   std::to_string(services.size())};
  if (grants_.size() >= most_grants)
    return problem{
        "there are " + std::to_string(most_grants) +
        " tickets already, no more are kept; move the grants file away to begin anew: they are then void"};
  std::sort(services.begin(), services.end());
  assert(find(services) == nullptr);
  grant granted{
      .id = random.draw<grant_id>(), .token = {}, .services = std::move(services), .last_ticket = {}};
  random.fill(granted.token.writable());
  grants_.push_back(granted);
  return granted;
}

grant grant_book::replace(const grant_id& id, random_source& random) {
  grant* granted = find_own(id);
  assert(granted != nullptr);
  if (withdrawn_.size() >= most_withdrawn) withdrawn_.erase(withdrawn_.begin());
  withdrawn_.push_back(id);
  granted->id = random.draw<grant_id>();
  random.fill(granted->token.writable());
  granted->last_ticket.clear();
  return *granted;
}

void grant_book::remember_ticket(const grant_id& id, std::string ticket) {
  grant* granted = find_own(id);
  assert(granted != nullptr && ticket.size() <= wire::ticket::longest_text);
  granted->last_ticket = std::move(ticket);
}

}  // namespace gof::state
