#include "state/network_key.hpp"

#include "state/file_lock.hpp"
#include "state/kept_file.hpp"
#include "state/key_text.hpp"

namespace gof::state {
namespace {

// One line: gof-network-key-1 WORD ORIGIN
constexpr std::string_view format = "gof-network-key-1 ";
constexpr std::string_view made_here = "made-here";
constexpr std::string_view join_ticket = "join-ticket";

kept_file at(const std::filesystem::path& path) {
  return {.path = path,
          .noun = "network key file",
          .cure =
              "put a copy of it back, or move it away: a new network key is then made, and tickets printed "
              "before are void"};
}

secret_text line_of(const network_key& key) {
  const auto word = to_key_text(key.key);
  const auto from = key.from == network_key::origin::made_here ? made_here : join_ticket;
  return secret_text(std::string(format) + std::string(word.view()) + ' ' + std::string(from) + '\n');
}

result<network_key> parse(const kept_file& file, std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (!text.starts_with(format)) return file.damaged("does not start with 'gof-network-key-1'");
  text.remove_prefix(format.size());
  const auto space = text.find(' ');
  const auto key = from_key_text(text.substr(0, space));
  if (!key) return file.damaged("what follows 'gof-network-key-1' is not a key: changed or cut");
  const auto from = space == text.npos ? std::string_view() : text.substr(space + 1);
  if (from == made_here) return network_key{*key, network_key::origin::made_here};
  if (from == join_ticket) return network_key{*key, network_key::origin::join_ticket};
  return file.damaged("does not end with 'made-here' or 'join-ticket'");
}

}  // namespace

network_key network_key::draw(random_source& random) {
  network_key drawn;
  random.fill(drawn.key.writable());
  return drawn;
}

result<std::optional<network_key>> load_network_key(const std::filesystem::path& path) {
  const auto file = at(path);
  const auto found = file.read();
  if (!found) return found.error();
  if (!*found) return std::optional<network_key>();
  const auto key = parse(file, (*found)->view());
  if (!key) return key.error();
  return std::optional<network_key>(*key);
}

result<network_key> load_named_network_key(const std::filesystem::path& path) {
  const auto found = load_network_key(path);
  if (!found) return found.error();
  if (!*found)
    return at(path).wrong("there is no such file; name the network-key file of a member of the mesh");
  return **found;
}

result<network_key> load_or_create_network_key(const std::filesystem::path& path, random_source& random) {
  const auto file = at(path);
  // Twice: another process may create it after we have looked.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto found = load_network_key(path);
    if (!found) return found.error();
    if (*found) return **found;

    const auto drawn = network_key::draw(random);
    const auto made = file.create(line_of(drawn).view());
    if (!made) return made.error();
    if (*made) return drawn;
  }
  return file.wrong("comes and goes while it is read");
}

result<joined_key> keep_joined_network_key(const std::filesystem::path& path, const secure::secret32& key) {
  using outcome = joined_key::outcome;
  // First without the lock: in a state folder that cannot be written the key may be kept already.
  const auto there = load_network_key(path);
  if (!there) return there.error();
  if (*there && (*there)->key == key) return joined_key{outcome::same, {}};
  const auto lock = file_lock::take(path.string() + ".lock");
  if (!lock) return lock.error();
  const auto file = at(path);
  const auto line = line_of({key, network_key::origin::join_ticket});
  // Twice: a process that creates its own key takes no lock.
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto found = load_network_key(path);
    if (!found) return found.error();
    if (!*found) {
      const auto made = file.create(line.view());
      if (!made) return made.error();
      if (*made) return joined_key{outcome::kept, {}};
      continue;
    }
    if ((*found)->key == key) return joined_key{outcome::same, {}};
    if ((*found)->from == network_key::origin::join_ticket) return joined_key{outcome::refused, **found};
    if (const auto replaced = file.replace(line.view()); !replaced) return replaced.error();
    return joined_key{outcome::replaced, **found};
  }
  return file.wrong("comes and goes while it is read");
}

}  // namespace gof::state
