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

/// One NAME=TARGET, the target in its canonical words.
struct granted_service {
  std::string name;
  std::string target;
  auto operator<=>(const granted_service&) const = default;
};

/// What one ticket gives: these services, to whoever has the token.
struct grant {
  grant_id id;
  secure::secret32 token;
  std::vector<granted_service> services;  ///< by name
  std::string last_ticket;                ///< as last printed; empty: never
  bool operator==(const grant&) const = default;
};

/// All grants of a peer and their text, line by line:
///
///     gof-grants-1
///     grant ID TOKEN
///     service NAME TARGET        one or more; the target to the end of the line
///     ticket TICKET              or none
///     withdrawn ID               oldest first, behind the grants
///     end
///
/// No I/O: grant_file keeps it on disk.
class grant_book {
 public:
  static constexpr std::size_t most_grants = 256;        ///< sets of services a peer ever serves
  static constexpr std::size_t most_services = 64;       ///< a grant, as in a ticket
  static constexpr std::size_t most_withdrawn = 1024;    ///< the oldest is forgotten, which refuses it still
  static constexpr std::size_t longest_target = 300;     ///< bytes; a host of 253, brackets, a port
  static constexpr std::size_t longest_file = 16 << 20;  ///< bytes; beyond what the caps above can reach

  /// The problem starts with "line N: ".
  static result<grant_book> parse(std::string_view text);
  secret_text text() const;

  const std::vector<grant>& grants() const { return grants_; }
  const std::vector<grant_id>& withdrawn() const { return withdrawn_; }  ///< newest last

  const grant* find(const grant_id& id) const;
  /// The one grant of exactly these services, in any order.
  const grant* find(std::vector<granted_service> services) const;
  bool is_withdrawn(const grant_id& id) const;

  /// What a person means by `gof ticket --show [NAME]`: the only grant; the one whose services NAME lists, as
  /// names or NAME=TARGET words joined by commas; else the only one that has the service NAME. Otherwise a
  /// problem that lists them.
  result<grant_id> select(std::optional<std::string_view> name) const;

  /// Needs services find() does not know. The caller has checked their words; a problem only at the caps.
  result<grant> create(std::vector<granted_service> services, random_source& random);
  /// Withdraws it; another takes its place, of the same services, whose ticket was never printed.
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
