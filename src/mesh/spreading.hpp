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

/// A frame to send on a link.
struct outgoing {
  link_id link{};
  wire::frame_type type{};
  bytes body;
};

/// How records spread: a fresh one goes to all neighbours but the one it came from; a new neighbour gets a
/// HAVE, and asks for what it lacks; every 30 s one random member and one random guest get a HAVE, which
/// repairs losses. Only names are queued: a record is read from the store when it is sent, so that only the
/// newest version is.
class spreading {
 public:
  static constexpr duration heal_interval = 30s;
  /// Below verifications_in_a_second, which leaves room for fresh records among those that were asked for.
  static constexpr std::uint32_t asked_in_a_second = 150;
  static constexpr duration ask_interval = 500ms;  ///< so that a frame asks for many names
  /// Names that one neighbour claims to have and that we will ask for; the rest waits for the next HAVE.
  static constexpr std::size_t most_asked = record_store::most_records;

  /// Names that wait for a neighbour that takes nothing; it learns of the rest from a later HAVE.
  static constexpr std::size_t most_offered = record_store::most_records;

  struct audience {
    bool guest = false;  ///< gets all links but only the profiles of `issuers`, and is never asked
    std::vector<peer_id> issuers;
  };

  spreading(const record_store& store, bool member, random_source& random)
      : store_(store), member_(member), random_(random) {}

  /// A link is up, or what is known about the neighbour has changed.
  void handle_link_up(instant now, link_id link, audience who);
  void handle_link_down(link_id link);
  void handle_have(link_id link, const wire::have& message);
  void handle_want(link_id link, const wire::want& message);
  /// The neighbour holds this version of the record.
  void handle_told(link_id link, const wire::record_name& name, std::uint64_t seq);
  /// A fresh record arrived, or our own was renewed.
  void handle_fresh(const wire::record_name& name);
  void handle_timeout(instant now);

  /// A neighbour with frames to send, reported once.
  std::optional<link_id> poll_waiting();
  std::optional<outgoing> poll_transmit(instant now, link_id link);
  std::optional<outgoing> poll_transmit(instant now);
  std::optional<instant> poll_timeout() const;

 private:
  struct neighbour {
    audience who;
    std::set<wire::record_name> to_send;
    std::map<wire::record_name, std::uint64_t> to_ask;  ///< with the sequence number that it claims to have
    bool telling = false;                               ///< a HAVE is being sent
    std::optional<wire::record_name> told;              ///< the last name that was sent
    rate_limit asks = rate_limit::evenly(asked_in_a_second, 1s);
    std::optional<instant> ask_at;  ///< not earlier
    timer_queue<link_id>::place timer;
  };

  const record_store& store_;
  bool member_;
  random_source& random_;
  std::map<link_id, neighbour> neighbours_;
  link_id served_{};  ///< the last link that was served; links take turns
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
