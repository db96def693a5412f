#pragma once

#include "state/grant_book.hpp"

#include <filesystem>
#include <optional>

namespace gof::state {

/// A peer's grants in their file, which all of its processes share. Each change applies to what the file
/// holds at that moment, under the lock of `FILE.lock`, and replaces the whole file. If it fails (disk full,
/// lock held), file and book() stay unchanged. Without a file (--ephemeral) all is kept in memory.
class grant_file {
 public:
  /// Without a path: in memory. Reads nothing yet.
  explicit grant_file(std::optional<std::filesystem::path> path);

  /// As last read or changed here.
  const grant_book& book() const { return book_; }

  /// Reads the file again (a missing file is an empty book). True: it differs from what book() was. After a
  /// problem book() is unchanged.
  result<bool> reload();

  /// The grant for this set of services, which stays the same until it is replaced. Writes only a new one.
  result<grant> find_or_create(const std::vector<granted_service>& services, random_source& random);
  /// Also a problem if another process has replaced it before.
  result<grant> replace(const grant_id& id, random_source& random);
  result<void> remember_ticket(const grant_id& id, const std::string& ticket);

 private:
  template <class Change>
  result<void> change(Change&& make);
  kept_file file() const;

  std::optional<std::filesystem::path> path_;
  grant_book book_;
};

}  // namespace gof::state
