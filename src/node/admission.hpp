#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "wire/reason.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace gof::core {

/// Who may hold an accepted socket before it has shown a key: few at all, fewer from one source, the oldest
/// goes first.
class admission {
 public:
  static constexpr std::size_t most_strangers = 256;
  static constexpr std::size_t most_from_source = 8;
  static constexpr std::size_t most_half_open = 64;  ///< handshakes at 48 KB each
  static constexpr std::size_t most_a_second = 200;  ///< handshakes begun, in all
  static constexpr std::size_t most_from_source_a_second = 20;

  /// Takes in a newcomer; the result is who has to go for it, if anybody.
  std::optional<link_id> enter(link_id link, const std::string& source);
  /// It showed a key, or is gone.
  void leave(link_id link);

  /// What a newcomer from `source` is told if it shows a key now; none: it may go on.
  wire::reason verdict(instant now, const std::string& source, std::size_t half_open);
  /// It showed a key and a handshake begins.
  void count(instant now, const std::string& source);

  std::size_t strangers() const { return by_age_.size(); }

 private:
  std::int64_t second_ = 0;  // the one that is counted
  std::size_t begun_ = 0;
  std::unordered_map<std::string, std::size_t> begun_by_source_;
  void turn(instant now);

  std::map<link_id, std::string> by_age_;  // ids only grow
  std::unordered_map<std::string, std::size_t> by_source_;
};

}  // namespace gof::core
