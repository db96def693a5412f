#include "node/remote.hpp"

#include "base/overloaded.hpp"
#include "secure/protection.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace gof::core {
namespace {

std::size_t sealed_size(std::size_t body) {
  return 1 + body + secure::tag_size;
}

}  // namespace

remote::remote(const session::config& how, sctp::stack& stack, random_source& random, credit_budget& budget)
    : id_(how.other), stack_(stack), budget_(budget), session_(how, random) {}

void remote::connect(instant now, const peer_id& expected, const session_credentials& with) {
  session_.connect(now, expected, with);
  settle(now);
}

void remote::handle_crypto(instant now, const wire::crypto& message, const session_credentials& with) {
  session_.handle_crypto(now, message, with);
  settle(now);
}

bool remote::handle_packet(instant now, wire::frame_type type, const wire::packet& head,
                           mutable_bytes sealed) {
  const auto opened = session_.handle_packet(now, type, head, sealed);
  drain_session(now);
  if (opened.sctp && association_) association_->handle_packet(now, *opened.sctp);
  return opened.newest;
}

void remote::handle_path(instant now, std::optional<path> next) {
  const bool other = path_ && next && !(*path_ == *next);
  path_ = std::move(next);
  sent_.handle_path();
  session_.handle_path(now, path_.has_value());
  if (other) session_.handle_switch(now);
  starving_.handle_switch();
  if (path_ && association_) association_->handle_switch(std::exchange(data_, std::nullopt));
  settle(now);
}

void remote::ask(instant now) {
  session_.ask(now);
  settle(now);
}

void remote::probe(instant now) {
  session_.handle_switch(now);
  settle(now);
}

void remote::handle_timeout(instant now) {
  session_.handle_timeout(now);
  if (streams_) streams_->handle_timeout(now);
  settle(now);
}

void remote::settle(instant now) {
  drain_session(now);
  drain_association(now);
  drain_streams();
  demand(now);
}

void remote::settle_streams(instant now) {
  drain_streams();
  demand(now);
}

void remote::drain_session(instant now) {
  while (auto e = session_.poll_event()) {
    std::visit(overloaded{
                   [&](const session::established& s) {
                     association_ = std::make_unique<sctp::association>(
                         now, stack_,
                         s.is_client ? sctp::association::role::client : sctp::association::role::server,
                         s.port);
                     streams_.emplace(s.is_client, sctp::stream_count, sctp::largest_message, budget_,
                                      credit_key{*session_.peer()});
                     streams_->handle_same_host(session_.is_same_host());
                   },
                   [&](const session::greeted&) {
                     if (streams_) streams_->handle_same_host(session_.is_same_host());
                     announce();
                   },
                   [&](const session::lost& l) {
                     events_.push_back(path_lost{*session_.peer(), id_, l.left});
                   },
                   [&](const session::resumed& r) {
                     events_.push_back(path_resumed{*session_.peer(), id_, r.stall});
                   },
                   [&](const session::doubtful& d) { events_.push_back(d); },
                   [&](const session::answered& a) { events_.push_back(a); },
                   [&](const session::over& o) {
                     lose_streams(o.why);
                     announced_ = false;
                     events_.push_back(o);
                   },
               },
               *e);
  }
}

void remote::drain_association(instant now) {
  if (!association_) return;
  while (auto message = association_->poll_message())
    streams_->handle_message(now, message->stream, message->kind, std::move(message->data));
  announce();
  if (association_->status() == sctp::association::state::down && !session_.is_over())
    break_off("the association ended");
}

void remote::lose_streams(wire::reason why) {
  if (streams_) events_.push_back(streams_lost{why});
  streams_.reset();
  association_.reset();
  data_.reset();
  small_.clear();
}

void remote::break_off(const std::string& what) {
  session_.close(wire::reason::protocol);
  lose_streams(wire::reason::protocol);
  events_.push_back(session::over{wire::reason::protocol, false, what});
}

void remote::drain_streams() {
  if (!streams_) return;
  while (auto e = streams_->poll_event()) {
    const auto* broken = std::get_if<mux::violation>(&*e);
    if (broken == nullptr) {
      events_.push_back(stream_event{std::move(*e)});
      continue;
    }
    return break_off(broken->what);
  }
}

void remote::announce() {
  if (announced_ || !association_ || association_->status() != sctp::association::state::up) return;
  if (!session_.is_confirmed()) return;
  announced_ = true;
  events_.push_back(session_up{*session_.peer(), id_, session_.name(),
                               session_.watch().round_trip().value_or(duration::zero())});
}

void remote::demand(instant now) {
  if (session_.is_over()) return;
  const bool busy =
      association_ && association_->status() == sctp::association::state::up && association_->outstanding();
  // If a peer behind a relay dies, no link reports it; only probes notice.
  const bool relayed = path_ && !path_->labels.empty();
  const bool wanted = kept_ || relayed || (streams_ && streams_->size() > 0);
  session_.handle_demand(now, busy     ? pathwatch::demand::busy
                              : wanted ? pathwatch::demand::kept
                                       : pathwatch::demand::none);
  if (streams_) streams_->handle_arrived(now, association_->unacknowledged());
  const auto round_trip = session_.watch().round_trip().value_or(duration::zero());
  if (association_ &&
      starving_.handle(now, path_ && association_->kept() > 0, association_->arrived(), round_trip))
    session_.handle_starvation();
  if (const auto rtt = session_.watch().round_trip(); rtt && association_) {
    association_->handle_round_trip(*rtt);
    streams_->handle_round_trip(*rtt);
  }
}

std::optional<instant> remote::poll_timeout() const {
  auto due = session_.poll_timeout();
  const auto idle = streams_ ? streams_->poll_timeout() : std::nullopt;
  if (idle && (!due || *idle < *due)) due = idle;
  return due;
}

// ---- packets out

std::optional<remote::outgoing> remote::poll_control(instant now) {
  if (auto c = session_.poll_control(now)) {
    const auto size = c->clear ? c->body.size() : sealed_size(c->body.size());
    auto head = c->head;
    return outgoing{wire::frame_type::relay_control, std::move(head), size, std::move(*c)};
  }
  take_packets(now);
  if (small_.empty()) return std::nullopt;
  auto next = std::move(small_.front());
  small_.pop_front();
  const auto size = sealed_size(next.data.size());
  return outgoing{wire::frame_type::relay_control, session_.next_head(), size, std::move(next)};
}

std::optional<remote::outgoing> remote::poll_data(instant now, std::uint64_t most) {
  take_packets(now);
  if (!data_) return std::nullopt;
  const auto size = sealed_size(data_->data.size());
  if (size > most) return std::nullopt;
  outgoing next{wire::frame_type::relay_data, session_.next_head(), size, std::move(*data_)};
  data_.reset();
  return next;
}

/// Takes packets up to the next one with data.
void remote::take_packets(instant now) {
  if (!association_ || session_.is_over()) return;
  for (bool fed = false; !data_;) {
    if (auto next = association_->poll_packet()) {
      if (next->has_data)
        data_ = std::move(next);
      else
        small_.push_back(std::move(*next));
      if (small_.size() > most_small) small_.pop_front();
      continue;
    }
    if (std::exchange(fed, true)) return;
    feed_association(now);
  }
}

void remote::feed_association(instant now) {
  // The other side's HELLO precedes its part of the association; openings depend on its content.
  if (!session_.is_confirmed() && association_->status() != sctp::association::state::up) return;
  streams_->limit_messages(limit_.bytes());
  while (association_->backlog() < limit_.bytes() && association_->unacknowledged() < limit_.in_flight()) {
    auto m = streams_->poll_message();
    if (!m) return;
    if (!association_->send(now, m->sctp_stream, static_cast<std::uint32_t>(m->kind), m->whole())) return;
    streams_->handle_sent();
  }
}

void remote::write(outgoing p, mutable_bytes to) {
  assert(to.size() == p.size);
  if (auto* packet = std::get_if<sctp::packet>(&p.what)) {
    session_.seal(p.head, p.type, wire::session_frame::sctp, packet->data, to);
    if (association_) association_->handle_written(std::move(*packet));
  } else {
    const auto& control = std::get<session::control>(p.what);
    if (control.clear)
      std::copy(control.body.begin(), control.body.end(), to.begin());
    else
      session_.seal(p.head, p.type, control.kind, control.body, to);
  }
  sent_.add(p.head.number_field(), to);
}

}  // namespace gof::core
