#include "support/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace gof::test {

cable& world::between(const host& a, const host& b) {
  return cables_[{std::min(a.index_, b.index_), std::max(a.index_, b.index_)}];
}

cable& world::cable_of(const connection& c) {
  return between(*c.ends[0].owner, *c.ends[1].owner);
}

// ---- dialling

void world::dial(host& from, const core::dial_wanted& wanted) {
  dialling d{&from, wanted.link, nullptr, now_, from.life_};
  for (auto& h : hosts_)
    if (h->port() == wanted.to.port && h->name() == wanted.to.host) d.to = h.get();
  if (d.to == nullptr) return at(now_, [this, d] { fail_dial(d, "no such host"); });
  knock(d);
}

/// A SYN. If the cable is cut it is repeated after 1 s, up to the shell's time limit.
void world::knock(const dialling& d) {
  const auto& line = between(*d.from, *d.to);
  if (line.is_cut()) {
    if (now_ + 1s < d.asked + connect_limit) return at(now_ + 1s, [this, d] { knock(d); });
    return at(d.asked + connect_limit, [this, d] { fail_dial(d, "timed out"); });
  }
  // Either the SYN or the SYN-ACK.
  if (is_lost(line.loss) || is_lost(line.loss)) {
    const auto next = std::min(now_ + 1s, d.asked + connect_limit);
    return at(next, [this, d] { now_ < d.asked + connect_limit ? knock(d) : fail_dial(d, "timed out"); });
  }
  at(now_ + 2 * line.delay, [this, d] {
    if (between(*d.from, *d.to).is_cut()) return fail_dial(d, "timed out");
    if (!d.to->actor_) return fail_dial(d, "connection refused");
    connect(d);
  });
}

/// Whether the dialler still waits: its process is alive, and has not given up.
bool world::is_wanted(const dialling& d) {
  return d.from->actor_ && d.from->life_ == d.life && given_up_.erase({d.from->index_, d.link}) == 0;
}

void world::fail_dial(const dialling& d, const char* why) {
  if (!is_wanted(d)) return;
  d.from->actor_->handle_dial_failed(now_, d.link, why);
  touch(*d.from);
}

/// The dialler is connected with the SYN-ACK, the listener half a round trip later.
void world::connect(const dialling& d) {
  if (!is_wanted(d)) return;
  auto c = std::make_shared<connection>();
  c->number = next_connection_++;
  c->ends[0].owner = d.from;
  c->ends[0].link = d.link;
  c->ends[1].owner = d.to;
  c->ends[1].accepted = false;
  connections_.emplace(c->number, c);
  sockets_.emplace(std::pair(d.from->index_, d.link), wire_end(c, 0));
  if (observer_ != nullptr) observer_->handle_connected(now_, *c);
  d.from->actor_->handle_connected(now_, d.link);
  touch(*d.from);
  const auto& line = cable_of(*c);
  auto acks = tries(line, 0, now_);
  const auto acknowledged = acks.back() + line.delay;
  c->ends[0].flying.push_back({acknowledged, {}, std::nullopt, std::move(acks)});  // the ACK
  at(acknowledged, [this, c] { deliver(c, 0); });
}

void world::accept(const std::shared_ptr<connection>& c) {
  auto& s = c->ends[1];
  s.accepted = true;
  const auto accepted =
      s.owner->actor_ ? s.owner->actor_->accept_link(now_, c->ends[0].owner->name()) : std::nullopt;
  if (!accepted) {
    end(c, 1, "connection reset by peer");
    s.open = false;
    return forget_if_over(*c);
  }
  s.link = *accepted;
  sockets_.emplace(std::pair(s.owner->index_, s.link), wire_end(c, 1));
  touch(*s.owner);
}

// ---- bytes

void world::transmit(host& h) {
  std::vector<wire_end> its;
  for (auto s = sockets_.lower_bound({h.index_, link_id{}});
       s != sockets_.end() && s->first.first == h.index_; ++s)
    its.push_back(s->second);
  for (const auto& [c, which] : its) {
    auto& s = c->ends[which];
    while (s.open && s.unread < cable_of(*c).buffer) {
      const auto data = h.actor_->poll_transmit(now_, s.link);
      if (data.empty()) break;
      send(c, which, data);
    }
  }
}

void world::send(const std::shared_ptr<connection>& c, int from, const_bytes data) {
  auto& s = c->ends[from];
  auto& line = cable_of(*c);
  auto& free = line.line_free[way(*s.owner, *c->ends[1 - from].owner)];
  for (std::size_t done = 0; done < data.size(); done += line.piece) {
    const auto part = data.subspan(done, std::min(line.piece, data.size() - done));
    bytes piece(part.begin(), part.end());
    if (on_bytes) on_bytes(*s.owner, *c->ends[1 - from].owner, piece);
    if (piece.empty()) continue;
    if (observer_ != nullptr) observer_->handle_sent(now_, *c, from, s.sent, piece);
    s.sent += piece.size();
    s.unread += piece.size();
    free = std::max(free, now_);
    if (line.bits_per_second > 0)
      free += duration(std::llround(static_cast<double>(piece.size()) * 8e9 / line.bits_per_second));
    auto sendings = tries(line, piece.size(), free);
    auto arrives = sendings.back() + line.delay;
    if (!s.flying.empty()) arrives = std::max(arrives, s.flying.back().arrives);
    s.flying.push_back({arrives, std::move(piece), std::nullopt, std::move(sendings)});
    at(arrives, [this, c, from] { deliver(c, from); });
  }
}

bool world::is_lost(double share) {
  return share > 0 && static_cast<double>(random_.number() >> 11) * 0x1p-53 < share;
}

/// When a piece that leaves at `left` is sent, until its unluckiest packet gets through: again after a round
/// trip, since the packets after it reveal the first loss; then after 0.2, 0.4, 0.8 .. s, since nothing
/// reveals further losses.
std::vector<instant> world::tries(const cable& line, std::size_t size, instant left) {
  unsigned most = 0;
  for (std::size_t packet = 0; packet * packet_size <= size && line.loss > 0; ++packet) {
    unsigned lost = 0;
    while (is_lost(line.loss)) ++lost;
    most = std::max(most, lost);
  }
  std::vector<instant> all{left};
  duration wait = 2 * line.delay;
  for (unsigned i = 0; i < most; ++i, wait = i == 1 ? 200ms : 2 * wait) all.push_back(all.back() + wait);
  return all;
}

/// What was sent before arrives before the end.
void world::end(const std::shared_ptr<connection>& c, int from, const std::string& words) {
  auto& s = c->ends[from];
  const auto& line = cable_of(*c);
  auto sendings = tries(line, 0, now_);
  auto arrives = sendings.back() + line.delay;
  if (!s.flying.empty()) arrives = std::max(arrives, s.flying.back().arrives);
  s.flying.push_back({arrives, {}, words, std::move(sendings)});
  if (observer_ != nullptr) observer_->handle_ended(now_, *c, from, words);
  at(arrives, [this, c, from] { deliver(c, from); });
}

void world::deliver(const std::shared_ptr<connection>& c, int from) {
  auto& flying = c->ends[from].flying;
  const auto& cut_at = cable_of(*c).cut_at[way(*c->ends[from].owner, *c->ends[1 - from].owner)];
  while (!flying.empty() && flying.front().arrives <= now_ && !cut_at) {
    auto s = std::move(flying.front());
    flying.pop_front();
    hand_over(c, from, s);
  }
  forget_if_over(*c);
}

void world::hand_over(const std::shared_ptr<connection>& c, int from, connection::segment& s) {
  auto& sender = c->ends[from];
  auto& receiver = c->ends[1 - from];
  if (from == 0 && !receiver.accepted && receiver.open) accept(c);
  if (cable_of(*c).cut_at[way(*receiver.owner, *sender.owner)])
    sender.unheard += s.data.size();
  else
    sender.unread -= s.data.size();
  if (sender.owner->actor_) touch(*sender.owner);
  if (!receiver.open || !receiver.owner->actor_) return;
  touch(*receiver.owner);
  if (s.data.empty() && !s.end) return;
  if (!s.end) return receiver.owner->actor_->handle_bytes(now_, receiver.link, s.data);
  close_socket(c, 1 - from);
  receiver.owner->actor_->handle_closed(now_, receiver.link, *s.end);
}

void world::close_socket(const std::shared_ptr<connection>& c, int which) {
  auto& s = c->ends[which];
  s.open = false;
  sockets_.erase({s.owner->index_, s.link});
  forget_if_over(*c);
}

void world::forget_if_over(const connection& c) {
  if (c.over()) connections_.erase(c.number);
}

// ---- faults

void world::reset_connections(const host& a, const host& b) {
  note("every connection between " + a.name() + " and " + b.name() + " is reset");
  const auto all = connections_;
  for (const auto& [number, c] : all) {
    if (&cable_of(*c) != &between(a, b)) continue;
    for (int which = 0; which < 2; ++which) {
      auto& s = c->ends[which];
      s.flying.clear();
      s.unread = s.unheard = 0;
      const bool told = s.open && s.accepted && s.owner->actor_;
      close_socket(c, which);
      if (!told) continue;
      if (observer_ != nullptr) observer_->handle_ended(now_, *c, which, "connection reset by peer");
      s.owner->actor_->handle_closed(now_, s.link, "connection reset by peer");
      touch(*s.owner);
    }
    forget_if_over(*c);
  }
}

void world::cut(const host& a, const host& b) {
  auto& line = between(a, b);
  note("the cable between " + a.name() + " and " + b.name() + " is cut");
  for (auto& cut_at : line.cut_at)
    if (!cut_at) cut_at = now_;
}

void world::cut_one_way(const host& from, const host& to) {
  auto& cut_at = between(from, to).cut_at[way(from, to)];
  note("the cable carries nothing from " + from.name() + " to " + to.name());
  if (!cut_at) cut_at = now_;
}

void world::lose(const host& a, const host& b, double share) {
  auto& line = between(a, b);
  note(std::to_string(share) + " of the packets between " + a.name() + " and " + b.name() + " are lost");
  line.loss = share;
  if (share > 0) return;
  for (const auto& [number, c] : connections_) {
    if (&cable_of(*c) != &line) continue;
    for (int from = 0; from < 2; ++from) {
      instant last = now_;
      for (auto& piece : c->ends[from].flying) {
        const auto next = std::lower_bound(piece.tries.begin(), piece.tries.end(), now_);
        if (next != piece.tries.end())
          piece.arrives = *next + line.delay;
        else if (!piece.tries.empty())
          piece.arrives = std::min(piece.arrives, piece.tries.back() + line.delay);
        piece.arrives = last = std::max(piece.arrives, last);
        at(piece.arrives, [this, c = c, from] { deliver(c, from); });
      }
    }
  }
}

void world::heal(const host& a, const host& b) {
  auto& line = between(a, b);
  if (!line.is_cut()) return;
  note("the cable between " + a.name() + " and " + b.name() + " is whole");
  const auto cut_at = std::to_array(line.cut_at);
  line.cut_at[0].reset();
  line.cut_at[1].reset();
  for (const auto& [number, c] : connections_) {
    if (&cable_of(*c) != &line) continue;
    for (int from = 0; from < 2; ++from) {
      auto& s = c->ends[from];
      s.unread -= std::exchange(s.unheard, 0);
      touch(*s.owner);
      const auto& cut = cut_at[way(*s.owner, *c->ends[1 - from].owner)];
      if (s.flying.empty() || !cut) continue;
      auto last = next_try(*cut, now_) + line.delay;
      for (auto& piece : s.flying) {
        piece.arrives = last = std::max(piece.arrives, last);
        at(piece.arrives, [this, c = c, from] { deliver(c, from); });
      }
    }
  }
}

}  // namespace gof::test
