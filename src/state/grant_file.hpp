#pragma once

#include "state/grant_book.hpp"

#include <filesystem>
#include <optional>

namespace gof::state {

/// A peer's grants in their file, shared by all its processes: every change is made to what the file holds at
/// that moment, under the lock of `FILE.lock`, and takes the file's place whole. When it fails (disk full,
/// lock held), file and book() are what they were. Without a file (--ephemeral) the same in memory.
class grant_file {
 public:
  /// Empty: in memory. Reads nothing yet.
  explicit grant_file(std::optional<std::filesystem::path> path);

  /// As last read or changed here.
  const grant_book& book() const { return book_; }

  /// Reads it again (a missing file is an empty book); true: it holds something else than book() did. On a
  /// problem book() stays.
  result<bool> reload();

  /// One grant for each set of services, the same for ever until it is replaced. Writes only a new one.
  result<grant> find_or_create(const std::vector<granted_service>& services, random_source& random);
  /// A problem too when another process replaced it first.
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
