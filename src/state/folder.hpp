#pragma once

#include "base/problem.hpp"

#include <filesystem>

namespace gof::state {

/// Where a peer's files are: in the folder of its key. With a key of the user's own (`--key FILE`), grants,
/// network key and port are in the folder of that file. Processes with one key share them; two keys in one
/// folder share everything but the key.
class folder {
 public:
  /// $XDG_STATE_HOME/gof, else $HOME/.local/state/gof, else /var/lib/gof. A variable that is unset, empty or
  /// not absolute is ignored (XDG Base Directory Specification); null: unset.
  static folder standard(const char* xdg_state_home, const char* home);
  static folder of_key_file(const std::filesystem::path& key);

  /// Creates the standard folder and its missing parents, 0700. The folder of a key file that the user named
  /// must exist: a mistyped path is reported, not created.
  result<void> make() const;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& key() const { return key_; }
  std::filesystem::path network_key() const { return path_ / "network-key"; }
  std::filesystem::path port() const { return path_ / "port"; }
  std::filesystem::path grants() const { return path_ / "grants"; }

 private:
  folder(std::filesystem::path path, std::filesystem::path key, bool named);

  std::filesystem::path path_;
  std::filesystem::path key_;
  bool named_;  ///< by the user
};

}  // namespace gof::state
