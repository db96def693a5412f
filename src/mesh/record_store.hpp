#pragma once

#include "base/rate_limit.hpp"
#include "base/time.hpp"
#include "wire/record.hpp"
#include "wire/record_links.hpp"
#include "wire/record_profile.hpp"

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace gof::core {

enum class record_verdict : std::uint8_t {
  fresh,      ///< accepted; with any other verdict the store is unchanged
  old,        ///< this record is known, or a newer one
  forged,     ///< the signature is not the owner's
  malformed,  ///< or of a newer version
  full,       ///< of an unknown node, and the store is full
  expired,
  postponed,  ///< the verification budget is used up; ask for it again
};

/// The records of all nodes, as their owners signed them. A record's time to live can only shrink: it is the
/// lifetime that its owner set, or what the neighbour that passed it on had left of it, if less.
class record_store {
 public:
  static constexpr std::size_t most_records = 16'384;
  /// Sequence numbers outlive their expired records, so that nobody can replay an old record. They are kept
  /// until no honest node can still hold a copy.
  static constexpr std::size_t most_forgotten = 16'384;
  static constexpr duration remembered = std::chrono::seconds(wire::record::longest_lifetime);

  struct entry {
    peer_id peer;
    std::uint64_t seq = 0;
    instant expires{};
    bytes whole;  ///< the record's bytes as received
    std::optional<wire::record_links> links;
    std::optional<wire::record_profile> profile;

    /// Seconds to live, to be passed on with the record; 0: it is not passed on any more.
    std::uint32_t remaining(instant now) const;
  };
  struct outcome {
    record_verdict verdict = record_verdict::malformed;
    wire::record_name name;  ///< not set if malformed
    std::uint64_t seq = 0;
    bool changed = false;  ///< fresh, and the content differs from the last
  };

  explicit record_store(const node_id& own) : own_(own) {}

  /// Checks a record from a neighbour, and keeps it if it is fresh. Cheap checks come before the signature.
  outcome accept(instant now, const_bytes whole, std::uint32_t remaining, rate_limit& verifications);
  /// Keeps one of our own records.
  void keep(instant now, const wire::record& own);
  /// Removes expired records, and returns their names.
  std::vector<wire::record_name> handle_timeout(instant now);
  std::optional<instant> poll_timeout() const;

  const entry* find(const wire::record_name& name) const;
  const wire::record_links* links_of(const node_id& node) const;
  const wire::record_profile* profile_of(const node_id& node) const;
  std::optional<peer_id> peer_of(const node_id& node) const;
  /// The next node, in the order of ids, that has a record. Empty: there is none.
  std::optional<node_id> node_after(const std::optional<node_id>& node) const;
  /// The nodes of this peer that have a record of their links.
  const std::set<node_id>& nodes_of(const peer_id& peer) const;
  /// Whether a record with this sequence number would be new, and there is room for it.
  bool wants(const wire::record_name& name, std::uint64_t seq) const {
    return is_newer(name, seq) && room_for(name);
  }
  const std::map<wire::record_name, entry>& all() const { return entries_; }

 private:
  struct trace {
    wire::record_name name;
    instant until{};
  };

  using of_node = std::array<const entry*, 2>;  ///< by their parts; null: there is none

  node_id own_;
  std::map<wire::record_name, entry> entries_;  ///< at most most_records
  std::unordered_map<node_id, of_node, node_id::hash> by_node_;
  std::map<peer_id, std::set<node_id>> nodes_;            ///< that have a record of their links
  std::map<wire::record_name, std::uint64_t> forgotten_;  ///< with the sequence number
  std::deque<trace> forgetting_;                          ///< oldest first; some may be held again
  std::optional<instant> look_at_;                        ///< nothing expires earlier

  bool is_newer(const wire::record_name& name, std::uint64_t seq) const;
  bool room_for(const wire::record_name& name) const;
  bool store(instant expires, const wire::record& from, const_bytes whole, entry& read);
  void forget(instant now, const wire::record_name& name, std::uint64_t seq);
  void leave(const wire::record_name& name, const entry& its);
  void drop_oldest_trace();
  void look_again();
};

}  // namespace gof::core
