#pragma once

#include "mesh/mesh.hpp"
#include "node/control_queues.hpp"
#include "node/dial_list.hpp"
#include "node/egress.hpp"
#include "node/flow_table.hpp"
#include "node/guest_list.hpp"
#include "node/guest_pass.hpp"
#include "node/link_table.hpp"
#include "node/node.hpp"
#include "node/relay.hpp"
#include "node/retiring_links.hpp"
#include "node/router.hpp"
#include "node/session_table.hpp"
#include "node/stream_table.hpp"

#include <deque>

namespace gof::core {

/// The parts of a node, and how they work together. Each part changes only itself; its inputs come from here,
/// and it is polled here. step() runs one turn from beginning to end.
struct node::composition {
  composition(node_config how, sctp::stack& on, random_source& source);

  node_config config;
  random_source& random;
  sctp::stack& stack;
  instance_id instance;
  node_id self;
  credit_budget budget;
  // The parts, each of which changes only itself.
  link_table links;
  dial_list dials;
  guest_list guests;
  guest_pass pass;
  mesh gossip;
  flow_table flows;
  control_queues controls;
  session_table sessions;
  stream_table streams;
  relay relays;
  egress turns;
  retiring_links retiring;
  fifo<event> events;
  std::uint64_t ticks = 0;  ///< the last count seen from the stack
  bool stopped = false;
  bool reach_changed = false;   ///< the peers in reach, or wanted, may have changed
  bool places_changed = false;  ///< the addresses that guests are sent may have changed

  router routes() const { return {self, links, gossip}; }
  void step(instant now);
  bool step_data(instant now);
  bool step_links(instant now);
  bool step_sessions(instant now);
  bool step_flows(instant now);
  bool step_mesh(instant now);
  bool step_guests(instant now);
  bool step_reach(instant now);

  void handle(instant now, const link_table::came_up& e);
  void handle(instant now, const link_table::went_down& e);
  void handle(instant now, link_table::packet& e);
  void handle(instant now, const link_table::notice& e);
  void handle(instant now, const link_table::knocked& e);
  void handle(instant now, const link_table::measured& e);
  void handle_label(instant now, link_id from, const_bytes body);
  void handle_path_error(instant now, const link::received& packet);
  void pass_on(instant now, link_id from, link::received& packet);
  void refuse(instant now, link_id from, const link::received& packet, wire::reason why);
  void tell_mesh(instant now, link_id link);
  void show_tickets(link_id link);
  void talk(instant now, link_id link);
  void expel(instant now, link_id guest);

  void handle(instant now, session_table::event& e);
  void end_session(instant now, const node_id& node, const session::over& why);
  void leave_session(instant now, const node_id& node, wire::reason why);
  void give_up(const node_id& node);
  void start_session(instant now, const node_id& node, const peer_id& peer);
  bool keep_session(instant now, const peer_id& peer);
  void let_go(const peer_id& peer);
  void reroute(instant now, const node_id& node);
  void suspect_path(instant now, const node_id& node, bool broken);
  void handle_lost_flow(instant now, const wire::flow& lost);
  void wake(const remote& whose);
  void retire_links(instant now);

  std::optional<node_id> session_for(instant now, const peer_id& peer, const std::string& service);
  bool assign(instant now, stream_id id);
  void assign_waiting(instant now, const peer_id& peer);
  mux* streams_of(const stream_table::stream* s);
  void settle_streams(instant now, const std::optional<stream_table::place>& at);

  bool writable(link_id link) const { return links.at(link).link->writable(); }
  void fill(instant now, link_id link);
  void send_controls(instant now, const node_id& node, link_id link);
  bool send_data(instant now, const node_id& node, link_id link);
  bool send_passing(instant now, link_id link);
  void write_packet(instant now, remote& from, remote::outgoing p, std::uint16_t generation, link_id link);
};

}  // namespace gof::core
