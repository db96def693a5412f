#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "wire/reason.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace gof::core {

/// Which accepted sockets may wait without having shown a key: few in total, and fewer from one source. If
/// there are too many, the source with the most loses its oldest. Also which of them may begin a handshake.
class admission {
 public:
  static constexpr std::size_t most_strangers = 256;
  static constexpr std::size_t most_from_source = 8;
  static constexpr std::size_t most_half_open = 64;  ///< handshakes, 48 KB each
  /// Of one source or ticket, once half the room is taken, so that a ticket's holder cannot fill it all.
  static constexpr std::size_t most_alike = 8;
  static constexpr std::size_t most_a_second = 200;  ///< handshakes begun, in total
  static constexpr std::size_t most_from_source_a_second = 20;

  /// Takes in a newcomer. Returns the link that has to make room for it, if any.
  std::optional<link_id> enter(link_id link, const std::string& source);
  /// The reason to refuse a newcomer that shows a key now, or this ticket; none: it may go on.
  wire::reason verdict(instant now, const std::string& source, const std::optional<grant_id>& grant);
  /// The newcomer showed a key, and its handshake begins.
  void admit(instant now, link_id link, const std::string& source, const std::optional<grant_id>& grant);
  /// The link is up, or gone.
  void leave(link_id link);

  std::size_t strangers() const { return by_age_.size(); }
  std::size_t half_open() const { return half_open_.size(); }

 private:
  struct handshake {
    std::string source;
    std::optional<grant_id> grant;
  };

  std::int64_t second_ = 0;  // the second that is counted
  std::size_t begun_ = 0;
  std::unordered_map<std::string, std::size_t> begun_by_source_;
  void turn(instant now);

  std::map<link_id, std::string> by_age_;                            // ids increase with age
  std::unordered_map<std::string, std::vector<link_id>> by_source_;  // each with the oldest first
  std::map<link_id, handshake> half_open_;
  link_id oldest_of_most() const;
  void forget_stranger(link_id link);
  bool crowds(const std::string& source, const std::optional<grant_id>& grant) const;
};

}  // namespace gof::core
