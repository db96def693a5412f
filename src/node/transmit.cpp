#include "node/composition.hpp"

#include <utility>

// What goes out on a link: control packets first, then all senders in turn.

namespace gof::core {

void node::composition::write_packet(instant now, remote& from, remote::outgoing p, std::uint16_t generation,
                                     link_id link) {
  p.head.labels = from.current_path()->labels;
  p.head.generation = generation;
  const auto to = links.append_packet(now, link, p.type, p.head, p.size);
  from.write(std::move(p), to);
}

void node::composition::send_controls(instant now, const node_id& node, link_id link) {
  auto* r = sessions.find(node);
  if (r == nullptr || !r->goes_by(link)) return;
  r->limit_output(links.at(link).link->output_limit());
  bool any = false;
  while (auto p = r->poll_control(now)) {
    write_packet(now, *r, std::move(*p), 0, link);
    any = true;
  }
  if (any) sessions.handle_written(node);
}

/// One turn of our own packets with data to one node. False: none may be sent any more.
bool node::composition::send_data(instant now, const node_id& node, link_id link) {
  auto* r = sessions.find(node);
  if (r == nullptr || !r->goes_by(link)) return false;
  r->limit_output(links.at(link).link->output_limit());
  auto& share = r->share();
  bool more = true, any = false;
  for (bool lasts = share.begin(); more && lasts && writable(link); lasts = share.lasts()) {
    auto p = r->poll_data(now, r->flow() ? flows.credit(link, r->flow()->id) : inflow_credit::first_window);
    if (!p) {
      if (r->flow() && r->has_data()) flows.handle_shortage(link, r->flow()->id);
      share.run_dry();
      more = false;
      break;
    }
    if (!r->flow()) r->begin_flow({link, flows.begin(link, self, node), now});
    const auto& id = r->flow()->id;
    flows.count(link, id, p->size);
    r->use_flow(now);
    share.count(p->size);
    write_packet(now, *r, std::move(*p), id.generation, link);
    any = true;
  }
  if (any) sessions.handle_written(node);
  return more;
}

/// One turn of each relayed flow. False: none of them may send any more.
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
    if (more && !writable(link)) return;  // its turn continues with the next output
    more ? turns.pass_on(link) : turns.rest(link);
  }
}

}  // namespace gof::core
