#pragma once

#include "base/problem.hpp"

#include <filesystem>

namespace gof::state {

/// Where a peer's files stand: beside its key, whichever key that is. A key of one's own (`--key FILE`) so
/// has grants, network key and port of its own in the folder of that file; processes with one key share them,
/// and two keys in one folder share everything but the key.
class folder {
 public:
  /// $XDG_STATE_HOME/gof, else $HOME/.local/state/gof, else /var/lib/gof. Variables that are unset, empty or
  /// not absolute do not count (XDG Base Directory Specification); null: unset.
  static folder standard(const char* xdg_state_home, const char* home);
  static folder of_key_file(const std::filesystem::path& key);

  /// Makes the standard folder and what is missing above it, 0700. The folder of a key file that was named
  /// must exist: a mistyped path is told, not made.
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
  bool named_;  ///< by a person
};

}  // namespace gof::state
