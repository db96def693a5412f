#include "node/composition.hpp"

// What goes out by a link: control first, then everybody in turn.

namespace gof::core {

void node::composition::write_packet(instant now, remote& from, const remote::packet& p,
                                     std::uint16_t generation, link_id link) {
  auto head = p.head;
  head.labels = from.current_path()->labels;
  head.generation = generation;
  from.write(links.append_packet(now, link, p.type, head, p.size));
}

void node::composition::send_controls(instant now, const node_id& node, link_id link) {
  auto* r = sessions.find(node);
  if (r == nullptr || !r->goes_by(link)) return;
  while (const auto p = r->poll_control(now)) write_packet(now, *r, *p, 0, link);
  sessions.handle_written(node);
}

/// One turn of our own packets with data to one node. False: nothing more of them may go.
bool node::composition::send_data(instant now, const node_id& node, link_id link) {
  auto* r = sessions.find(node);
  if (r == nullptr || !r->goes_by(link)) return false;
  auto& share = sessions.share(node);
  bool more = true;
  for (bool lasts = share.begin(); more && lasts && writable(link); lasts = share.lasts()) {
    const auto size = r->data_waiting(now);
    if (size && !sessions.flow(node)) sessions.begin_flow(node, {link, flows.begin(link, self, node), now});
    more = size && flows.covers(link, sessions.flow(node)->id, *size);
    if (!more) {
      share.run_dry();
      break;
    }
    const auto& id = sessions.flow(node)->id;
    flows.count(link, id, *size);
    sessions.use_flow(node, now);
    write_packet(now, *r, r->poll_data(), id.generation, link);
    share.count(*size);
  }
  sessions.handle_written(node);
  return more;
}

/// One turn of each flow that passes through. False: nothing more of them may go.
bool node::composition::send_passing(instant now, link_id link) {
  auto& share = turns.passing(link);
  for (bool lasts = share.begin(flows.waiting_flows(link)); lasts && writable(link); lasts = share.lasts()) {
    const auto p = flows.poll_data(link);
    if (!p) break;
    links.append_packet(now, link, p->type, p->head, p->payload);
    share.count(p->payload.size());
  }
  if (flows.waiting_flows(link) > 0) return true;
  share.run_dry();
  return false;
}

void node::composition::fill(instant now, link_id link) {
  while (const auto node = turns.poll_woken(link)) send_controls(now, *node, link);
  while (writable(link)) {
    const auto p = controls.poll(link);
    if (!p) break;
    links.append_packet(now, link, p->type, p->head, p->payload);
  }
  while (writable(link)) {
    const auto whose = turns.turn(link);
    if (!whose) return;
    const bool more = *whose ? send_data(now, **whose, link) : send_passing(now, link);
    if (more && !writable(link)) return;  // its turn goes on with the next output
    more ? turns.pass_on(link) : turns.rest(link);
  }
}

}  // namespace gof::core
