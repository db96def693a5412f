#include "state/folder.hpp"

#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <utility>

namespace gof::state {
namespace {

constexpr mode_t folder_mode = 0700;  // it holds secrets

bool counts(const char* variable) {
  return variable != nullptr && variable[0] == '/';
}

problem wrong(const std::filesystem::path& path, const std::string& why) {
  return {"state folder '" + path.string() + "': " + why};
}

result<void> make_one(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), folder_mode) == 0) return {};
  const int error = errno;
  struct stat found {};
  const bool there = ::stat(path.c_str(), &found) == 0;
  if (there && S_ISDIR(found.st_mode)) return {};
  if (error == EEXIST && !there)
    return wrong(path, "is a symbolic link to nothing; make what it points to, or remove it");
  if (error == EEXIST)
    return wrong(path, "is not a folder; move it away, or name a key file with --key FILE");
  return wrong(path, std::string("cannot be made: ") + std::strerror(error) +
                         "; make it, or name a key file with --key FILE");
}

}  // namespace

folder::folder(std::filesystem::path path, std::filesystem::path key, bool named)
    : path_(std::move(path)), key_(std::move(key)), named_(named) {}

folder folder::standard(const char* xdg_state_home, const char* home) {
  std::filesystem::path path = "/var/lib/gof";
  if (counts(xdg_state_home))
    path = std::filesystem::path(xdg_state_home) / "gof";
  else if (counts(home))
    path = std::filesystem::path(home) / ".local/state/gof";
  return {path, path / "key", false};
}

folder folder::of_key_file(const std::filesystem::path& key) {
  return {key.has_parent_path() ? key.parent_path() : ".", key, true};
}

result<void> folder::make() const {
  if (named_) {
    struct stat found {};
    if (::stat(path_.c_str(), &found) != 0)
      return wrong(path_, std::string(std::strerror(errno)) + "; make it first: mkdir -p -m 700 '" +
                              path_.string() + "'");
    if (!S_ISDIR(found.st_mode))
      return wrong(path_, "is not a folder; name a key file in one with --key FILE");
    return {};
  }
  std::filesystem::path grown;
  for (const auto& part : path_) {
    grown /= part;
    if (part == "/") continue;
    if (auto made = make_one(grown); !made) return made;
  }
  return {};
}

}  // namespace gof::state
