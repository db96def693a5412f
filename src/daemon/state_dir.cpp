#include "daemon/state_dir.hpp"

namespace gof::daemon {

state::store store_of(const std::optional<std::filesystem::path>& key, bool ephemeral,
                      const os::environment& variables) {
  if (ephemeral) return state::store::in_memory();
  if (key) return state::store::in(state::folder::of_key_file(*key));
  const auto xdg = os::variable(variables, "XDG_STATE_HOME");
  const auto home = os::variable(variables, "HOME");
  return state::store::in(state::folder::standard(xdg.c_str(), home.c_str()));
}

outcome<identity> identity_of(const state::store& kept) {
  const auto& where = kept.where();
  if (!where) return identity::generate();
  if (const auto made = where->make(); !made) return failure{bad_file, made.error().what};
  std::string why;
  auto loaded = identity::load_or_create(where->key().string(), why);
  if (!loaded) return failure{bad_file, why};
  return std::move(*loaded);
}

}  // namespace gof::daemon
