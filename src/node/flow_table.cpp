#include "node/flow_table.hpp"

#include <utility>

namespace gof::core {

using wire::frame_type;

// ---- flows that end here

flow_table::verdict flow_table::arrive(instant now, link_id from, const wire::flow& id, std::size_t size) {
  const auto v = inflows_.take(now, from, id, size);
  if (v == verdict::taken) release(from, id, size);
  return v;
}

void flow_table::release(link_id from, const wire::flow& id, std::size_t size) {
  if (const auto grant = inflows_.release(from, id, size))
    tell(from, frame_type::hop_credit, grant->encode());
}

// ---- relayed flows

flow_table::verdict flow_table::pass(instant now, link_id from, link_id to, waiting_packet packet) {
  const auto id = flow_of(packet.head);
  const auto seen = passages_.look(from, to, id);
  if (seen != passages::verdict::sound)
    return seen == passages::verdict::busy ? verdict::busy : verdict::ended;
  const auto v = inflows_.take(now, from, id, packet.payload.size());
  if (v == verdict::taken) passages_.push(from, to, std::move(packet));
  return v;
}

bool flow_table::pass_at_once(instant now, link_id from, link_id to, const wire::packet& head,
                              std::size_t size) {
  const auto own = own_.lower_bound({to, {}});
  if (own != own_.end() && own->first.first == to) return false;  // our own flows have their turns
  const auto id = flow_of(head);
  if (!passages_.may_pass_at_once(from, to, id, size)) return false;
  if (inflows_.take(now, from, id, size) != verdict::taken) return false;
  passages_.count(from, id, size);
  release(from, id, size);
  return true;
}

void flow_table::refuse(instant now, link_id from, const wire::flow& id, wire::reason why) {
  inflows_.refuse(now, from, id);
  tell(from, frame_type::flow_reset, wire::flow_reset{id, why}.encode());
}

std::optional<waiting_packet> flow_table::poll_data(link_id to) {
  auto next = passages_.poll(to);
  if (!next) return std::nullopt;
  const auto id = flow_of(next->packet.head);
  if (!next->orphan) release(next->from, id, next->packet.payload.size());
  if (!next->orphan && next->last) inflows_.close(next->from, id);
  return std::move(next->packet);
}

// ---- flows that begin here

wire::flow flow_table::begin(link_id to, const node_id& source, const node_id& destination) {
  const wire::flow made{source, destination, ++generation_};
  own_.emplace(flow_key{to, made}, outflow_credit());
  return made;
}

std::uint64_t flow_table::credit(link_id to, const wire::flow& id) const {
  const auto found = own_.find({to, id});
  return found == own_.end() ? 0 : found->second.left();
}

void flow_table::handle_shortage(link_id to, const wire::flow& id) {
  const auto found = own_.find({to, id});
  if (found == own_.end() || !found->second.note_blocked()) return;
  tell(to, frame_type::flow_blocked, wire::flow_blocked{id}.encode());
}

void flow_table::count(link_id to, const wire::flow& id, std::size_t size) {
  own_.at({to, id}).count(size);
}

void flow_table::end(link_id to, const wire::flow& id) {
  if (own_.erase({to, id}) > 0) tell(to, frame_type::flow_close, wire::flow_close{id}.encode());
}

// ---- what arrives on links

void flow_table::handle_credit(link_id from, const wire::hop_credit& heard) {
  if (const auto own = own_.find({from, heard.flow}); own != own_.end())
    own->second.raise(heard.limit);
  else
    passages_.handle_credit(from, heard.flow, heard.limit);
}

void flow_table::handle_close(instant now, link_id from, const wire::flow& id) {
  switch (passages_.handle_close(from, id)) {
    case passages::closing::waits: return;
    case passages::closing::over: return inflows_.close(from, id);
    case passages::closing::unknown: return inflows_.end(now, from, id);
  }
}

void flow_table::handle_reset(instant now, link_id from, const wire::flow_reset& heard) {
  const auto& id = heard.flow;
  if (own_.erase({from, id}) > 0) {
    lost_.push_back(id);
  } else if (const auto gone = passages_.handle_reset_behind(from, id)) {
    if (gone->orphan) return;
    inflows_.end(now, gone->from, id);
    refuse(now, gone->from, id, heard.why);
  } else if (passages_.contains(from, id)) {
    if (passages_.handle_reset(now, from, id, heard.why)) inflows_.end(now, from, id);
  } else if (inflows_.contains(from, id)) {
    inflows_.end(now, from, id);
    lost_.push_back(id);
  }
}

void flow_table::handle_link_down(instant now, link_id link) {
  for (const auto& [from, id] : passages_.handle_link_down(now, link)) {
    inflows_.end(now, from, id);
    refuse(now, from, id, wire::reason::none);
  }
  inflows_.handle_link_down(link);
  const auto [first, last] = flows_on(own_, link);
  for (auto one = first; one != last; ++one) lost_.push_back(one->first.second);
  own_.erase(first, last);
  std::erase_if(messages_, [&](const link_message& m) { return m.link == link; });
}

// ---- outputs

std::optional<link_message> flow_table::poll_message() {
  if (messages_.empty()) return passages_.poll_message();
  auto next = std::move(messages_.front());
  messages_.pop_front();
  return next;
}

std::size_t flow_table::held_limit() const {
  std::uint64_t granted = 0;
  for (const auto& [from, id] : passages_.keys()) granted += inflows_.may_hold(from, id);
  return granted + passages_.orphaned_bytes();
}

}  // namespace gof::core
