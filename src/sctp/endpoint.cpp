#include "sctp/endpoint.hpp"

#include "sctp/options.hpp"
#include "sctp/settings.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>

namespace gof::sctp {
endpoint::endpoint(instant now, stack::registry& on, association::role as, std::uint16_t port)
    : table(on),
      role(as),
      number(on.enter(*this)),
      filter(as, port),
      port_(port),
      send_space_(settings::send_space) {
  table.tell(now);
  usrsctp_register_address(reinterpret_cast<void*>(number));
  handle made = open();
  if (role == association::role::client)
    line_ = made;
  else
    listener_ = made;
  const bool ready = made && (role == association::role::client ? connect() : usrsctp_listen(made, 1) == 0);
  if (!ready) go_down();
  settle(now);
}

endpoint::~endpoint() {
  closing = true;
  for (handle one : {listener_, line_}) {
    if (one) usrsctp_close(one);
  }
  usrsctp_deregister_address(reinterpret_cast<void*>(number));
  table.leave(number);
  table.kept -= ring.size();
  for (packet& kept : ring.take()) table.give_buffer(std::move(kept.data));
  for (packet& unsent : output_) table.give_buffer(std::move(unsent.data));
}

handle endpoint::open() {
  handle made = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, nullptr, nullptr, 0, nullptr);
  if (!made) return nullptr;
  sockaddr_conn own = address_of(number, port_);
  if (set_line_options(made, send_space_) && set_endpoint_options(made) &&
      usrsctp_bind(made, reinterpret_cast<sockaddr*>(&own), sizeof own) == 0 &&
      usrsctp_set_upcall(made, handle_upcall, reinterpret_cast<void*>(number)) == 0)
    return made;
  usrsctp_close(made);
  return nullptr;
}

bool endpoint::connect() {
  // Both ends have the same number: usrsctp uses the address given with a packet for either.
  sockaddr_conn peer = address_of(number, port_);
  return usrsctp_connect(line_, reinterpret_cast<sockaddr*>(&peer), sizeof peer) == 0 || errno == EINPROGRESS;
}

void endpoint::accept() {
  line_ = usrsctp_accept(listener_, nullptr, nullptr);
  if (!line_) return;
  usrsctp_close(listener_);
  listener_ = nullptr;
  if (!set_line_options(line_, send_space_) || !set_path(line_, true) ||
      usrsctp_set_upcall(line_, handle_upcall, reinterpret_cast<void*>(number)) != 0)
    go_down();
}

void endpoint::settle(instant now) {
  if (listener_) accept();
  // usrsctp does not always call the upcall.
  if (line_ && (usrsctp_get_events(line_) & (SCTP_EVENT_READ | SCTP_EVENT_ERROR))) readable = true;
  read();
  release();
  const bool setting_up = state == association::state::connecting && line_;
  table.mark(now, number,
             state != association::state::down &&
                 (setting_up || under_way.unacknowledged() > 0 || under_way.sack_owed()));
}

void endpoint::go_down() {
  state = association::state::down;
  partial_ = {};
}

void endpoint::handle_output(const_bytes data) {
  if (closing) return;
  const auto [has_data, last_tsn] = under_way.handle_sent(data);
  filter.handle_sent(data);
  if (output_size_ + data.size() + settings::output_overhead > settings::output_space) {
    ++overflowed;
    return;
  }
  const auto first = chunk_walk(data).next();
  if (first && first->type == chunk_type::data && bundle(data, last_tsn)) return;
  const bool opens = first && (first->type == chunk_type::init || first->type == chunk_type::cookie_echo);
  bytes copy = table.take_buffer();
  copy.assign(data.begin(), data.end());
  queue({std::move(copy), has_data, last_tsn, opens}, false);
}

/// Appends the chunks of a small packet with nothing but data to the last one that waits: they are sealed,
/// framed and acknowledged together. Unlike with Nagle's algorithm, nothing waits for that. A chunk of any
/// other kind must not follow data (RFC 9260, 6.10); usrsctp ends an association for it.
bool endpoint::bundle(const_bytes data, std::optional<std::uint32_t> last_tsn) {
  if (output_.empty()) return false;
  auto& last = output_.back();
  const auto chunks = data.subspan(common_header_size);
  if (!last.has_data || last.opens || last.data.size() + chunks.size() > settings::largest_bundle)
    return false;
  append(last.data, chunks);
  if (last_tsn) last.last_tsn = last_tsn;
  output_size_ += chunks.size();
  return true;
}

void endpoint::queue(packet&& next, bool first) {
  output_size_ += next.data.size() + settings::output_overhead;
  if (first)
    output_.push_front(std::move(next));
  else
    output_.push_back(std::move(next));
}

std::optional<packet> endpoint::poll_packet() {
  while (!output_.empty()) {
    packet next = std::move(output_.front());
    output_.pop_front();
    output_size_ -= next.data.size() + settings::output_overhead;
    if (!next.last_tsn || !under_way.is_covered(*next.last_tsn)) return next;
    table.give_buffer(std::move(next.data));  // it was to be repeated, but has arrived after all
  }
  return std::nullopt;
}

void endpoint::handle_written(packet&& done) {
  if (!has_ring_ || !replay_ring::wants(done, under_way)) {
    table.give_buffer(std::move(done.data));
  } else if (table.kept + done.data.size() > settings::replay_space) {
    go_without_ring();
  } else {
    table.kept += done.data.size();
    ring.keep(std::move(done));
  }
}

void endpoint::handle_switch(std::optional<packet> unwritten) {
  if (unwritten) queue(std::move(*unwritten), true);
  table.kept -= ring.size();
  auto again = ring.take();
  for (; !again.empty(); again.pop_back()) queue(std::move(again.back()), true);
}

/// Releases the packets that have arrived.
void endpoint::release() {
  const auto before = ring.size();
  while (auto arrived = ring.poll_arrived(under_way)) table.give_buffer(std::move(arrived->data));
  if (state != association::state::connecting)
    if (auto answered = ring.poll_answered()) table.give_buffer(std::move(answered->data));
  table.kept -= before - ring.size();
  if (has_ring_ || under_way.unacknowledged() > 0 || !line_) return;
  has_ring_ = true;
  set_ring_timeouts(line_, true);
}

void endpoint::go_without_ring() {
  has_ring_ = false;
  table.kept -= ring.size();
  for (packet& kept : ring.take()) table.give_buffer(std::move(kept.data));
  if (line_ && state == association::state::up) set_ring_timeouts(line_, false);
}

void endpoint::handle_packet(instant now, const_bytes data) {
  if (state == association::state::down) return;
  if (!filter.passes(data)) {
    ++filtered;
    return;
  }
  table.tell(now);
  under_way.handle_received(data);
  usrsctp_conninput(reinterpret_cast<void*>(number), data.data(), data.size(), 0);
  settle(now);
}

bool endpoint::send(instant now, std::uint16_t stream, std::uint32_t kind, const_bytes data) {
  if (state != association::state::up) return false;
  table.tell(now);
  sctp_sndinfo about{};
  about.snd_sid = stream;
  about.snd_ppid = htonl(kind);
  const ssize_t taken =
      usrsctp_sendv(line_, data.data(), data.size(), nullptr, 0, &about, sizeof about, SCTP_SENDV_SNDINFO, 0);
  const int error = errno;
  if (taken == static_cast<ssize_t>(data.size())) {
    under_way.handle_message(data.size());
    table.mark(now, number, true);
    return true;
  }
  // A message taken only in part would corrupt its stream: it is taken whole, or the association ends.
  if (taken >= 0 || (error != EAGAIN && error != ENOBUFS && error != ENOMEM)) go_down();
  return false;
}

void endpoint::read() {
  while (line_ && readable && !complete_ && state != association::state::down) {
    sctp_rcvinfo about{};
    socklen_t about_size = sizeof about;
    unsigned about_type = SCTP_RECVV_NOINFO;
    int flags = 0;
    const ssize_t got = usrsctp_recvv(line_, table.scratch.data(), table.scratch.capacity(), nullptr, nullptr,
                                      &about, &about_size, &about_type, &flags);
    const int error = errno;
    if (got <= 0) {
      readable = false;
      const bool setting_up = state == association::state::connecting && error == ENOTCONN;
      if (got == 0 || (error != EAGAIN && !setting_up)) go_down();
      return;
    }
    const const_bytes part(table.scratch.data(), static_cast<std::size_t>(got));
    const bool last = flags & MSG_EOR;
    if (!(flags & MSG_NOTIFICATION))
      handle_part(part, about, last);
    else if (last)
      handle_notification(part);
    else
      go_down();  // the buffer is large enough for all notifications that were enabled
  }
}

/// A large message takes the buffer that it was read into. A small one is copied, so that it holds no more
/// memory than its own.
void endpoint::handle_part(const_bytes part, const sctp_rcvinfo& about, bool last) {
  if (partial_.data.size() + part.size() > largest_message) {
    go_down();
    return;
  }
  if (partial_.data.empty()) {
    partial_.stream = about.rcv_sid;
    partial_.kind = ntohl(about.rcv_ppid);
  }
  if (partial_.data.empty() && last && part.size() >= settings::keeps_buffer)
    partial_.data = table.take_scratch(part.size());
  else
    append(partial_.data, part);
  if (!last) return;
  complete_ = std::move(partial_);
  partial_ = {};
}

void endpoint::handle_notification(const_bytes data) {
  sctp_assoc_change change;
  if (data.size() < sizeof change) return;
  std::memcpy(&change, data.data(), sizeof change);
  if (change.sac_type != SCTP_ASSOC_CHANGE) return;
  // A peer with fewer streams is not gof. A restart has lost all streams, so it ends this association like
  // any loss.
  const bool whole =
      change.sac_outbound_streams >= stream_count && change.sac_inbound_streams >= stream_count;
  if (change.sac_state != SCTP_COMM_UP || !whole || state != association::state::connecting) {
    go_down();
    return;
  }
  state = association::state::up;
  filter.handle_established();
  set_ring_timeouts(line_, has_ring_);
}

std::optional<message> endpoint::poll_message() {
  if (!complete_) read();
  std::optional<message> next(std::move(complete_));
  complete_.reset();
  if (next) read();
  return next;
}

void endpoint::handle_round_trip(duration rtt) {
  if (rtt <= settings::distance) return;
  const auto us = static_cast<std::size_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                               std::min<duration>(rtt, settings::longest_round_trip))
                                               .count());
  const std::size_t product = settings::line_rate / 1'000'000 * us;
  const std::size_t wanted =
      std::clamp(product, settings::send_space_at_distance, settings::send_space_largest);
  // The space only grows: queued data cannot be taken back, and one low measurement does not mean a shorter
  // path.
  if (wanted <= send_space_) return;
  send_space_ = wanted;
  if (line_) set_send_space(line_, wanted);
}

}  // namespace gof::sctp
