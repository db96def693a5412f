#pragma once

#include "base/id.hpp"
#include "base/take_first.hpp"
#include "base/time.hpp"
#include "link/credit.hpp"
#include "node/inflows.hpp"
#include "node/passages.hpp"
#include "wire/flow.hpp"
#include "wire/packet.hpp"

#include <deque>
#include <map>
#include <optional>

namespace gof::core {

/// The flows on this node's links: those it sends, those that end here, and those it relays from one link to
/// another. What waits to be relayed stays in its flow, within the credit that was granted for it. Nothing is
/// dropped, except with a dead link. gof-protocol(7), FLOWS.
class flow_table {
 public:
  using verdict = inflows::verdict;

  // ---- flows that end here
  verdict arrive(instant now, link_id from, const wire::flow& id, std::size_t size);

  // ---- relayed flows
  verdict pass(instant now, link_id from, link_id to, waiting_packet packet);
  /// Whether a packet of a known flow may be relayed at once, since no other packet waits; then it is counted
  /// as relayed. False: call pass().
  bool pass_at_once(instant now, link_id from, link_id to, const wire::packet& head, std::size_t size);
  /// Answers data that could not go on in its flow with the flow's end. Otherwise its sender would wait for
  /// credit for ever, and hold what waits after it.
  void refuse(instant now, link_id from, const wire::flow& id, wire::reason why);
  /// The next packet that may go out on this link.
  std::optional<waiting_packet> poll_data(link_id to);

  // ---- flows that begin here
  /// Begins a new generation towards `destination`.
  wire::flow begin(link_id to, const node_id& source, const node_id& destination);
  /// How many bytes it may send now.
  std::uint64_t credit(link_id to, const wire::flow& id) const;
  /// A packet could be sent, but has no credit. The other end is sent BLOCKED, once for each limit.
  void handle_shortage(link_id to, const wire::flow& id);
  void count(link_id to, const wire::flow& id, std::size_t size);
  void end(link_id to, const wire::flow& id);

  // ---- what arrives on links
  void handle_credit(link_id from, const wire::hop_credit& heard);
  void handle_blocked(link_id from, const wire::flow& id) { inflows_.handle_blocked(from, id); }
  void handle_close(instant now, link_id from, const wire::flow& id);
  void handle_reset(instant now, link_id from, const wire::flow_reset& heard);
  void handle_link_down(instant now, link_id link);
  void handle_round_trip(link_id link, duration measured) { inflows_.handle_round_trip(link, measured); }
  void handle_timeout(instant now) { passages_.handle_timeout(now); }

  // ---- outputs
  std::optional<instant> poll_timeout() const { return passages_.poll_timeout(); }
  std::optional<link_message> poll_message();
  /// A flow that began here lost its path, or a flow that ended here (its source is another node) did.
  std::optional<wire::flow> poll_lost() { return take_first(lost_); }

  // ---- queries
  /// How many flows take turns at this link: they have something to send, and may have credit.
  std::size_t waiting_flows(link_id to) const { return passages_.waiting(to); }
  bool passes_by(link_id link) const { return passages_.any_on(link); }
  /// Bytes of packets that wait here to be relayed.
  std::size_t held_bytes() const { return passages_.held_bytes(); }
  /// The limit of held_bytes() with the present flows.
  std::size_t held_limit() const;
  std::size_t flows() const { return inflows_.size() + passages_.orphans() + own_.size(); }

 private:
  inflows inflows_;
  passages passages_;
  std::map<flow_key, outflow_credit> own_;
  std::deque<link_message> messages_;
  std::deque<wire::flow> lost_;
  std::uint16_t generation_ = 0;

  void release(link_id from, const wire::flow& id, std::size_t size);
  void tell(link_id link, wire::frame_type type, bytes body) {
    messages_.push_back({link, type, std::move(body)});
  }
};

}  // namespace gof::core
