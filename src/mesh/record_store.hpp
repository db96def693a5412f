#pragma once

#include "base/time.hpp"
#include "mesh/budget.hpp"
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
  fresh,      ///< taken; all others leave the store as it was
  old,        ///< known, or newer ones are
  forged,     ///< the signature is not its owner's
  malformed,  ///< also: of a newer version
  full,       ///< of an unknown node, and there is no more room
  expired,
  postponed,  ///< the verification budget is spent; to be asked for again
};

/// The records of all nodes, as their owners signed them. Time only counts down: a record is held as long as
/// its owner allowed and the neighbour that told it had left.
class record_store {
 public:
  static constexpr std::size_t most_records = 16'384;
  /// After it expired a record could be played to us again; so its sequence number is remembered until no
  /// honest copy can be around any more.
  static constexpr std::size_t most_forgotten = 16'384;
  static constexpr duration remembered = std::chrono::seconds(wire::record::longest_lifetime);

  struct entry {
    peer_id peer;
    std::uint64_t seq = 0;
    instant expires{};
    bytes whole;  ///< as it came
    std::optional<wire::record_links> links;
    std::optional<wire::record_profile> profile;

    /// What a neighbour is told; 0: not worth it any more.
    std::uint32_t remaining(instant now) const;
  };
  struct outcome {
    record_verdict verdict = record_verdict::malformed;
    wire::record_name name;  ///< unless malformed
    std::uint64_t seq = 0;
    bool changed = false;  ///< fresh, and it says something else than the last
  };

  explicit record_store(const node_id& own) : own_(own) {}

  /// A record from outside. What is cheap to see is judged before the signature is verified.
  outcome accept(instant now, const_bytes whole, std::uint32_t remaining, budget& verifications);
  /// One of our own.
  void keep(instant now, const wire::record& own);
  /// The names of what is over.
  std::vector<wire::record_name> handle_timeout(instant now);
  std::optional<instant> poll_timeout() const;

  const entry* find(const wire::record_name& name) const;
  const wire::record_links* links_of(const node_id& node) const;
  const wire::record_profile* profile_of(const node_id& node) const;
  std::optional<peer_id> peer_of(const node_id& node) const;
  /// The next one by id that has a record. Empty: there is none.
  std::optional<node_id> node_after(const std::optional<node_id>& node) const;
  /// Those of this peer that tell their links.
  const std::set<node_id>& nodes_of(const peer_id& peer) const;
  /// Whether a record with this number would be fresh.
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
  std::map<wire::record_name, entry> entries_;  ///< <= most_records
  std::unordered_map<node_id, of_node, node_id::hash> by_node_;
  std::map<peer_id, std::set<node_id>> nodes_;            ///< of records of links
  std::map<wire::record_name, std::uint64_t> forgotten_;  ///< to the sequence number
  std::deque<trace> forgetting_;                          ///< oldest first; some are held again meanwhile
  std::optional<instant> look_at_;                        ///< nothing is over before

  bool is_newer(const wire::record_name& name, std::uint64_t seq) const;
  bool room_for(const wire::record_name& name) const;
  bool store(instant expires, const wire::record& from, const_bytes whole, entry& read);
  void forget(instant now, const wire::record_name& name, std::uint64_t seq);
  void leave(const wire::record_name& name, const entry& its);
  void drop_oldest_trace();
  void look_again();
};

}  // namespace gof::core
