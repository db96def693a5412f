#pragma once

#include "base/random.hpp"
#include "base/rate_limit.hpp"
#include "base/timer_queue.hpp"
#include "mesh/record_store.hpp"
#include "wire/frame.hpp"
#include "wire/have.hpp"
#include "wire/want.hpp"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace gof::core {

/// What goes out over a link.
struct outgoing {
  link_id link{};
  wire::frame_type type{};
  bytes body;
};

/// How records get around: a fresh one goes to all other neighbours, a new neighbour is told what there is
/// and asks for what it lacks, and every 30 s so is another one at random, which heals whatever got lost.
/// Waiting are names only: a record is read from the store as it goes out, so that the newest goes, and once.
class spreading {
 public:
  static constexpr duration heal_interval = 30s;
  /// Below the other verifications of a second, so that news find room among what was asked for.
  static constexpr std::uint32_t asked_in_a_second = 150;
  static constexpr duration ask_interval = 500ms;  ///< a frame for many names, not one for each
  /// What one neighbour claims to have; the rest is asked for after the next HAVE.
  static constexpr std::size_t most_asked = record_store::most_records;

  /// Waiting for one neighbour that takes nothing; the rest it finds in a later HAVE.
  static constexpr std::size_t most_offered = record_store::most_records;

  struct audience {
    bool guest = false;  ///< sees all links, but only the profiles of `issuers`, and is asked for nothing
    std::vector<peer_id> issuers;
  };

  spreading(const record_store& store, bool member, random_source& random)
      : store_(store), member_(member), random_(random) {}

  /// Also when what is known of the neighbour changed.
  void handle_link_up(instant now, link_id link, audience who);
  void handle_link_down(link_id link);
  void handle_have(link_id link, const wire::have& message);
  void handle_want(link_id link, const wire::want& message);
  /// The neighbour has this record.
  void handle_told(link_id link, const wire::record_name& name, std::uint64_t seq);
  /// It came, or is our own.
  void handle_fresh(const wire::record_name& name);
  void handle_timeout(instant now);

  /// A neighbour that there may be something for, once.
  std::optional<link_id> poll_waiting();
  std::optional<outgoing> poll_transmit(instant now, link_id link);
  std::optional<outgoing> poll_transmit(instant now);
  std::optional<instant> poll_timeout() const;

 private:
  struct neighbour {
    audience who;
    std::set<wire::record_name> to_send;
    std::map<wire::record_name, std::uint64_t> to_ask;  ///< with the number it claims
    bool telling = false;                               ///< a HAVE is going out
    std::optional<wire::record_name> told;              ///< up to here
    rate_limit asks = rate_limit::evenly(asked_in_a_second, 1s);
    std::optional<instant> ask_at;  ///< not before
    timer_queue<link_id>::place timer;
  };

  const record_store& store_;
  bool member_;
  random_source& random_;
  std::map<link_id, neighbour> neighbours_;
  link_id served_{};  ///< in turns
  std::optional<instant> heal_at_;
  timer_queue<link_id> asking_;
  std::set<link_id> waiting_;

  bool sees(const neighbour& n, const wire::record_name& name) const;
  void offer(link_id link, neighbour& n, const wire::record_name& name);
  void tell_one(bool guest);
  std::optional<bytes> next_have(neighbour& n) const;
  std::optional<bytes> next_want(instant now, neighbour& n);
  std::optional<bytes> next_record(instant now, neighbour& n) const;
};

}  // namespace gof::core
