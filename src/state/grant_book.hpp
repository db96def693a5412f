#pragma once

#include "base/id.hpp"
#include "base/problem.hpp"
#include "base/random.hpp"
#include "secure/secret.hpp"
#include "state/kept_file.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gof::state {

/// One NAME=TARGET, the target in canonical form.
struct granted_service {
  std::string name;
  std::string target;
  auto operator<=>(const granted_service&) const = default;
};

/// What one ticket grants: these services, to every holder of the token.
struct grant {
  grant_id id;
  secure::secret32 token;
  std::vector<granted_service> services;  ///< sorted by name
  std::string last_ticket;                ///< as last printed; empty: never
  bool operator==(const grant&) const = default;
};

/// All grants of a peer, and their text, line by line:
///
///     gof-grants-1
///     grant ID TOKEN
///     service NAME TARGET        one or more; TARGET extends to the end of the line
///     ticket TICKET              optional
///     withdrawn ID               oldest first, after the grants
///     end
///
/// No I/O: grant_file keeps it on disk.
class grant_book {
 public:
  static constexpr std::size_t most_grants = 256;        ///< sets of services that a peer may ever serve
  static constexpr std::size_t most_services = 64;       ///< for each grant, as in a ticket
  static constexpr std::size_t most_withdrawn = 1024;    ///< the oldest is forgotten, and still refused
  static constexpr std::size_t longest_target = 300;     ///< bytes: a host of 253, brackets, a port
  static constexpr std::size_t longest_file = 16 << 20;  ///< bytes: more than the caps above allow

  /// A problem begins with "line N: ".
  static result<grant_book> parse(std::string_view text);
  secret_text text() const;

  const std::vector<grant>& grants() const { return grants_; }
  const std::vector<grant_id>& withdrawn() const { return withdrawn_; }  ///< the newest last

  const grant* find(const grant_id& id) const;
  /// The only grant of exactly these services, in any order.
  const grant* find(std::vector<granted_service> services) const;
  bool is_withdrawn(const grant_id& id) const;

  /// The grant meant by `gof ticket --show [NAME]`: the only one; or the one whose services NAME lists, as
  /// names or NAME=TARGET words joined by commas; or the only one that has the service NAME. Otherwise a
  /// problem that lists the candidates.
  result<grant_id> select(std::optional<std::string_view> name) const;

  /// `services` must be new to find(), and checked by the caller; a problem only at the caps.
  result<grant> create(std::vector<granted_service> services, random_source& random);
  /// Withdraws the grant. A new one with the same services replaces it, and has no printed ticket yet.
  grant replace(const grant_id& id, random_source& random);
  void remember_ticket(const grant_id& id, std::string ticket);

  bool operator==(const grant_book&) const = default;

 private:
  friend class grant_reader;

  grant* find_own(const grant_id& id);

  std::vector<grant> grants_;
  std::vector<grant_id> withdrawn_;
};

/// For messages: "ssh=localhost:22 web=localhost:80".
std::string words_of(const grant& granted);

}  // namespace gof::state
