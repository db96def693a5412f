#include "state/grant_file.hpp"

#include "state/file_lock.hpp"

#include <utility>

namespace gof::state {

grant_file::grant_file(std::optional<std::filesystem::path> path) : path_(std::move(path)) {}

kept_file grant_file::file() const {
  return {.path = *path_,
          .noun = "grants file",
          .cure =
              "put a copy of it back, or move it away: new tickets are then made, and those printed before "
              "are void",
          .limit = grant_book::longest_file};
}

result<bool> grant_file::reload() {
  if (!path_) return false;
  const auto found = file().read();
  if (!found) return found.error();
  grant_book read;
  if (*found) {
    auto parsed = grant_book::parse((*found)->view());
    if (!parsed) return file().damaged(parsed.error().what);
    read = std::move(*parsed);
  }
  if (read == book_) return false;
  book_ = std::move(read);
  return true;
}

/// `make` changes a copy, and returns its problem, if any.
template <class Change>
result<void> grant_file::change(Change&& make) {
  std::optional<file_lock> lock;
  if (path_) {
    auto taken = file_lock::take(path_->string() + ".lock");
    if (!taken) return taken.error();
    lock.emplace(std::move(*taken));
    if (const auto read = reload(); !read) return read.error();
  }
  auto next = book_;
  if (result<void> made = make(next); !made) return made;
  if (path_ && next != book_)
    if (const auto written = file().replace(next.text().view()); !written) return written.error();
  book_ = std::move(next);
  return {};
}

result<grant> grant_file::find_or_create(const std::vector<granted_service>& services,
                                         random_source& random) {
  // First without the lock: a state folder that cannot be written still serves what it holds.
  if (const auto read = reload(); !read) return read.error();
  if (const auto* found = book_.find(services)) return *found;
  grant granted;
  const auto changed = change([&](grant_book& book) -> result<void> {
    if (const auto* found = book.find(services)) {
      granted = *found;
      return {};
    }
    auto created = book.create(services, random);
    if (!created) return created.error();
    granted = std::move(*created);
    return {};
  });
  if (!changed) return changed.error();
  return granted;
}

result<grant> grant_file::replace(const grant_id& id, random_source& random) {
  grant granted;
  const auto changed = change([&](grant_book& book) -> result<void> {
    if (book.find(id) == nullptr) return problem{"this ticket was withdrawn already"};
    granted = book.replace(id, random);
    return {};
  });
  if (!changed) return changed.error();
  return granted;
}

result<void> grant_file::remember_ticket(const grant_id& id, const std::string& ticket) {
  if (const auto* known = book_.find(id); known != nullptr && known->last_ticket == ticket) return {};
  return change([&](grant_book& book) -> result<void> {
    if (book.find(id) == nullptr) return problem{"this ticket was withdrawn meanwhile"};
    book.remember_ticket(id, ticket);
    return {};
  });
}

}  // namespace gof::state
