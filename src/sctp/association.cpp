#include "sctp/association.hpp"

#include "sctp/endpoint.hpp"

#include <cassert>

namespace gof::sctp {

association::association(instant now, stack& on, role as, std::uint16_t port)
    : endpoint_(std::make_unique<endpoint>(now, on.table(), as, port)) {}

association::~association() = default;

void association::handle_packet(instant now, const_bytes data) {
  endpoint_->handle_packet(now, data);
}

bool association::send(instant now, std::uint16_t stream, std::uint32_t kind, const_bytes message) {
  assert(stream < stream_count);
  assert(!message.empty() && message.size() <= largest_message);
  return endpoint_->send(now, stream, kind, message);
}

std::optional<packet> association::poll_packet() {
  return endpoint_->poll_packet();
}

void association::handle_written(packet&& done) {
  endpoint_->handle_written(std::move(done));
}

void association::handle_switch(std::optional<packet> unwritten) {
  endpoint_->handle_switch(std::move(unwritten));
}

std::optional<message> association::poll_message() {
  return endpoint_->poll_message();
}

association::state association::status() const {
  return endpoint_->state;
}

bool association::is_ticking() const {
  return endpoint_->table.busy.contains(endpoint_->number);
}

bool association::outstanding() const {
  return status() == state::connecting || unacknowledged() > 0;
}

std::size_t association::unacknowledged() const {
  return status() == state::down ? 0 : endpoint_->under_way.unacknowledged();
}

std::uint64_t association::filtered() const {
  return endpoint_->filtered;
}

std::uint64_t association::overflowed() const {
  return endpoint_->overflowed;
}

std::uint64_t association::arrived() const {
  return endpoint_->under_way.arrived();
}

std::size_t association::backlog() const {
  const auto written = endpoint_->ring.size();
  return endpoint_->has_ring() && unacknowledged() > written ? unacknowledged() - written : 0;
}

std::size_t association::kept() const {
  return endpoint_->ring.size();
}

void association::handle_round_trip(duration rtt) {
  endpoint_->handle_round_trip(rtt);
}

}  // namespace gof::sctp
