#include "daemon/bootstrap.hpp"

#include "base/hex.hpp"
#include "daemon/ticket_input.hpp"
#include "secure/derive.hpp"

namespace gof::daemon {
namespace {

using log::level;

/// The source of a join ticket as a source of any ticket.
ticket_source source_of(const join_source& from) {
  if (const auto* ticket = std::get_if<wire::join_ticket>(&from)) return *ticket;
  if (const auto* file = std::get_if<ticket_file>(&from)) return *file;
  return standard_input{};
}

outcome<secure::secret32> keep(const secure::secret32& key, state::store& kept, log::logger& log) {
  using outcome = state::joined_key::outcome;
  const auto joined = kept.keep_joined(key);
  if (!joined) return failure{bad_file, joined.error().what};
  if (joined->what == outcome::refused)
    return failure{bad_command_line,
                   two_meshes("the join ticket and the one that this peer joined by before", mesh_text(key),
                              mesh_text(joined->other.key)) +
                       "; take another --key, or name a network key with --network-key FILE"};
  if (joined->what == outcome::replaced)
    log.write(level::warning, "this peer is now in mesh " + mesh_text(key) + " and no longer in its own, " +
                                  mesh_text(joined->other.key) + ": tickets printed before are void");
  return key;
}

}  // namespace

outcome<bootstrap> read_bootstrap(const std::vector<join_source>& from) {
  bootstrap joined;
  for (const auto& one : from) {
    if (const auto* address = std::get_if<wire::address>(&one)) {
      joined.places.push_back({address->text()});
      continue;
    }
    const auto source = source_of(one);
    const auto ticket = read_join_ticket(source);
    if (!ticket) return ticket.error();
    const secure::secret32 key(ticket->network_key);
    if (joined.network_key && !(*joined.network_key == key))
      return failure{code_of(source),
                     two_meshes("the join tickets", mesh_text(*joined.network_key), mesh_text(key))};
    joined.network_key = key;
    auto& places = joined.places.emplace_back();
    for (const auto& address : ticket->addresses) places.push_back(address.text());
  }
  return joined;
}

outcome<secure::secret32> member_key(const mesh_settings& asked, const bootstrap& joined, state::store& kept,
                                     random_source& random, log::logger& log) {
  if (asked.network_key) {
    const auto named = state::load_named_network_key(*asked.network_key);
    if (!named) return failure{bad_file, named.error().what};
    if (joined.network_key && !(*joined.network_key == named->key))
      return failure{bad_command_line, two_meshes("--join and --network-key", mesh_text(*joined.network_key),
                                                  mesh_text(named->key))};
    return named->key;
  }
  if (joined.network_key) return keep(*joined.network_key, kept, log);
  if (joined.places.empty()) {
    const auto made = kept.network_key_or_new(random);
    if (!made) return failure{bad_file, made.error().what};
    return made->key;
  }
  const auto found = kept.network_key();
  if (!found) return failure{bad_file, found.error().what};
  if (*found) return (*found)->key;
  return failure{bad_command_line,
                 "--join HOST:PORT needs the mesh's network key, and none is kept here: give a join ticket "
                 "(gof relay prints it), or --network-key FILE"};
}

std::string mesh_text(const secure::secret32& network_key) {
  return to_hex(secure::mesh_of(network_key).view());
}

std::string two_meshes(const std::string& what, const std::string& one, const std::string& other) {
  return what + " are of two meshes, " + one + " and " + other + "; one node is in one mesh";
}

}  // namespace gof::daemon
