#include "support/speaker.hpp"

#include <algorithm>
#include <vector>

namespace gof::test {

speaker::speaker(const secure::secret32& network_key, random_source& random)
    : network_key_(network_key),
      random_(random),
      self_(secure::identity::generate(random)),
      instance_(random.draw<instance_id>()),
      node_(secure::node_of(self_.id(), instance_)) {}

// ---- commands

link_id speaker::dial(const wire::address& to, const core::link_credentials& with) {
  const auto id = link_id{next_link_++};
  links_[id].with = with;
  events_.push_back(core::dial_wanted{id, to});
  return id;
}

link_id speaker::dial_as_guest(const wire::address& to, const wire::ticket& ticket) {
  return dial(to, {secure::secret32(ticket.link_key), wire::link_role::guest, ticket.issuer, ticket.grant});
}

void speaker::close(link_id link, wire::reason why) {
  links_.at(link).link->close(why);
  events_.push_back(core::close_wanted{link});
}

void speaker::send(link_id link, wire::frame_type type, const_bytes header) {
  if (!is_up(link)) return;
  links_.at(link).link->send(type, header);
  more_ = true;
}

void speaker::send_packet(instant now, link_id link, wire::frame_type type, const wire::packet& head,
                          const_bytes payload) {
  if (!is_up(link)) return;
  links_.at(link).link->append_packet(now, type, head, payload);
  more_ = true;
}

void speaker::send_raw(link_id link, const_bytes data) {
  if (!is_up(link)) return;
  append(links_.at(link).raw, data);
  more_ = true;
}

// ---- state

bool speaker::is_up(link_id link) const {
  const auto found = links_.find(link);
  return found != links_.end() && found->second.link && found->second.link->is_up();
}

std::optional<link_id> speaker::link_with(const node_id& node) const {
  for (const auto& [id, its] : links_)
    if (its.up && its.up->node == node && is_up(id)) return id;
  return std::nullopt;
}

const core::link::down* speaker::end_of(link_id link) const {
  const auto found = ends_.find(link);
  return found == ends_.end() ? nullptr : &found->second;
}

// ---- called by the world

std::optional<link_id> speaker::accept_link(instant now, const std::string&) {
  const auto id = link_id{next_link_++};
  links_[id].link.emplace(now, self_, instance_, network_key_, random_);
  return id;
}

void speaker::handle_connected(instant now, link_id link) {
  auto& its = links_.at(link);
  its.link.emplace(now, self_, instance_, *its.with, random_);
}

void speaker::handle_dial_failed(instant, link_id link, const std::string& detail) {
  ends_[link] = {wire::reason::none, false, false, detail};
  links_.erase(link);
}

void speaker::handle_bytes(instant now, link_id link, mutable_bytes data) {
  const auto found = links_.find(link);
  if (found == links_.end()) return;
  heard_ += data.size();
  found->second.link->handle_bytes(now, data);
  drain(now, link);
}

void speaker::handle_closed(instant now, link_id link, const std::string& detail) {
  const auto found = links_.find(link);
  if (found == links_.end()) return;
  found->second.link->handle_closed(detail);
  drain(now, link);
  links_.erase(link);
}

void speaker::handle_timeout(instant now) {
  std::vector<link_id> all;
  for (const auto& [id, its] : links_)
    if (its.link) all.push_back(id);
  for (const auto id : all) {
    links_.at(id).link->handle_timeout(now);
    drain(now, id);
  }
}

void speaker::drain(instant now, link_id link) {
  for (more_ = true;;) {
    auto& its = links_.at(link);
    auto e = its.link->poll_event(now);
    if (!e) return;
    if (const auto* up = std::get_if<core::link::up>(&*e)) {
      its.up = *up;
      handle_up(now, link, *up);
    } else if (auto* packet = std::get_if<core::link::received>(&*e)) {
      handle_received(now, link, *packet);
    } else if (const auto* heard = std::get_if<core::link::notice>(&*e)) {
      handle_notice(now, link, *heard);
    } else {
      ends_[link] = std::get<core::link::down>(*e);
      events_.push_back(core::close_wanted{link});
      if (its.up) handle_down(now, link);
      return;
    }
  }
}

buffer speaker::poll_transmit(instant now, link_id link) {
  const auto found = links_.find(link);
  if (found == links_.end() || !found->second.link) return {};
  auto& its = found->second;
  if (its.link->is_up()) fill(now, link, *its.link);
  auto out = its.link->poll_transmit();
  append(out, std::exchange(its.raw, {}));
  return out;
}

std::optional<core::event> speaker::poll_event() {
  if (events_.empty()) return std::nullopt;
  auto e = std::move(events_.front());
  events_.pop_front();
  if (const auto* over = std::get_if<core::close_wanted>(&e)) links_.erase(over->link);
  return e;
}

std::optional<instant> speaker::poll_timeout() const {
  std::optional<instant> due;
  for (const auto& [id, its] : links_) {
    const auto t = its.link ? its.link->poll_timeout() : std::nullopt;
    if (t && (!due || *t < *due)) due = t;
  }
  return due;
}

}  // namespace gof::test
