#include "cli/arguments/config_plan.hpp"

#include "cli/arguments/peer_argument.hpp"

namespace gof::cli {

result<gof::peer> read_allowed(std::string_view word, const config::configuration* file) {
  const auto read = read_peer_argument(word, file);
  if (!read) return read.error();
  if (const auto* id = std::get_if<gof::peer>(&*read)) return *id;
  return problem{forward::in_quotes(word) +
                 ": a ticket's holder is let in by the ticket; write the id of a peer"};
}

result<daemon::plan> plan_of(const config::configuration& file) {
  daemon::plan made;
  for (const auto& one : file.serves) {
    made.serves.push_back(one.services);
    for (const auto& who : one.allow) {
      const auto allowed = read_allowed(who.text, &file);
      if (!allowed) return problem{file.place(who.line) + allowed.error().what};
      for (const auto& service : one.services) made.allow[service.name].insert(*allowed);
    }
  }
  for (const auto& one : file.forwards) {
    auto peer = read_peer_argument(one.peer.text, &file);
    if (!peer) return problem{file.place(one.peer.line) + peer.error().what};
    made.forwards.push_back({std::move(*peer), one.specs, file.place(one.line)});
  }
  return made;
}

}  // namespace gof::cli
