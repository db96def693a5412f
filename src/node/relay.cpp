#include "node/relay.hpp"

#include "wire/path_error.hpp"

#include <algorithm>
#include <utility>

namespace gof::core {

using wire::frame_type;

relay::decision relay::decide(link_id from, const link::received& packet, const link_table& links,
                              const guest_list& guests, const mesh& gossip) const {
  const auto& head = packet.head;
  const bool by_guest = links.at(from).is_guests();
  if (head.hop >= head.labels.size() || head.source == self_) return {};
  if (by_guest && !guests.may_send(from, head.destination, gossip)) return {};
  if (packet.type == frame_type::relay_data && packet.payload.size() < least_data) return {};
  const auto to = links.labelled(head.labels[head.hop]);
  if (!to || *to == from) return {std::nullopt, true};
  const auto& next = links.at(*to);
  const bool last = head.hop + 1u == head.labels.size();
  // Where we are a guest ourselves, only our own packets are accepted.
  if (next.is_as_guest() || (next.is_guests() && !(last && next.up->node == head.destination)))
    return {std::nullopt, true};
  return {to};
}

std::optional<waiting_packet> relay::error_for(instant now, link_id from, const link::received& packet,
                                               wire::reason why) {
  // Errors about errors could go on for ever.
  if (packet.type == frame_type::path_error) return std::nullopt;
  auto& its = errors_[from];
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  if (std::exchange(its.second, second) != second) its.errors = 0;
  if (++its.errors > most_path_errors) return std::nullopt;
  wire::path_error error;
  error.destination = packet.head.destination;
  error.number = packet.head.number_field();
  if (packet.payload.size() < error.tail.size()) return std::nullopt;
  std::copy(packet.payload.end() - static_cast<std::ptrdiff_t>(error.tail.size()), packet.payload.end(),
            error.tail.begin());
  error.why = why;
  wire::packet head;
  head.source = self_;
  head.destination = packet.head.source;
  head.labels.assign(packet.head.labels.rend() - packet.head.hop, packet.head.labels.rend());
  return waiting_packet{frame_type::path_error, std::move(head), error.encode()};
}

}  // namespace gof::core
