#pragma once

#include "link/credit.hpp"
#include "mesh/mesh.hpp"
#include "support/speaker.hpp"
#include "wire/flow.hpp"

#include <random>
#include <set>

namespace gof::test {

/// A member that treats its neighbours correctly (labels, records, credit), but not the packets that it
/// relays: they are altered, repeated, delayed, cut, misrouted or dropped, at random by its seed.
class tampering_relay final : public speaker {
 public:
  /// What happens to a packet, each in percent.
  struct manners {
    unsigned alter_payload = 0;
    unsigned alter_header = 0;  ///< any field, but the link still accepts the frame
    unsigned repeat = 0;
    unsigned delay = 0;  ///< until several others have passed
    unsigned cut = 0;    ///< or extended
    unsigned drop = 0;
    bool data_alone = false;  ///< leaves control packets alone
  };

  tampering_relay(const secure::secret32& network_key, random_source& random, std::uint64_t seed)
      : speaker(network_key, random), gossip_({self(), instance(), true}, random), dice_(seed) {}

  void behave(const manners& how) { how_ = how; }
  std::size_t passed() const { return passed_; }
  std::size_t tampered() const { return tampered_; }

  void handle_timeout(instant now) override;
  std::optional<instant> poll_timeout() const override;

 private:
  static constexpr std::size_t most_waiting = 1024;  ///< packets of one flow
  static constexpr std::uint64_t plenty = std::uint64_t{1} << 40;

  struct packet {
    wire::frame_type type{};
    wire::packet head;
    bytes payload;
    bool astray = false;  ///< the next node will not count it
  };
  struct outflow {
    core::outflow_credit credit;
    std::deque<packet> queue;
  };
  struct neighbour {
    node_id node;
    peer_id peer;
    bool guest = false;
    peer_id issuer;
    std::uint16_t label = 0;
  };

  core::mesh gossip_;
  std::mt19937_64 dice_;
  manners how_;
  std::map<link_id, neighbour> neighbours_;
  std::set<std::pair<link_id, wire::flow>> granted_;
  std::map<std::pair<link_id, wire::flow>, link_id> ways_;  ///< the outgoing link, by the incoming one
  std::map<std::pair<link_id, wire::flow>, outflow> outflows_;
  std::map<link_id, std::deque<packet>> controls_;
  std::deque<std::pair<link_id, packet>> late_;
  std::size_t passed_ = 0;
  std::size_t tampered_ = 0;

  void handle_up(instant now, link_id link, const core::link::up& up) override;
  void handle_notice(instant now, link_id link, const core::link::notice& what) override;
  void handle_received(instant now, link_id link, core::link::received& what) override;
  void handle_down(instant now, link_id link) override;
  void fill(instant now, link_id link, core::link& into) override;

  bool chance(unsigned percent) { return dice_() % 100 < percent; }
  void tamper(link_id to, packet p);
  void alter_header(packet& p);
  void pass(link_id to, packet p);
  void pass_on_end(link_id from, wire::frame_type type, const wire::flow& flow, const_bytes body);
  void spread(instant now);
};

}  // namespace gof::test
