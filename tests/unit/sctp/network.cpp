#include "sctp/network.hpp"

#include "sctp/chunk.hpp"

#include <algorithm>

namespace gof::sctp::test {

network::network(duration one_way) : one_way_(one_way) {
  stack_ = std::make_unique<stack>();
}

network::end network::add(association::role as, std::uint16_t port) {
  ends_.push_back(std::make_unique<association>(now_, *stack_, as, port));
  return ends_.back().get();
}

void network::link(end a, end b) {
  peers_[a] = b;
  peers_[b] = a;
}

std::pair<network::end, network::end> network::join(std::uint16_t port) {
  const end server = add(association::role::server, port);
  const end client = add(association::role::client, port);
  link(client, server);
  return {client, server};
}

void network::remove(end gone) {
  std::erase_if(path_, [&](const auto& one) { return one.second.to == gone; });
  if (peers_.contains(gone)) peers_.erase(peers_[gone]);
  peers_.erase(gone);
  std::erase_if(ends_, [&](const auto& one) { return one.get() == gone; });
}

void network::collect() {
  for (const auto& one : ends_) {
    while (auto sent = one->poll_packet()) {
      const auto peer = peers_.find(one.get());
      if (peer != peers_.end() && (!on_packet || on_packet(one.get(), *sent)))
        path_.emplace(now_ + one_way_, flying{peer->second, sent->data});
      one->handle_written(std::move(*sent));
    }
    while (auto got = one->poll_message())
      if (on_message) on_message(one.get(), std::move(*got));
  }
}

bool network::step(instant until) {
  collect();
  instant next = instant::max();
  if (!path_.empty()) next = path_.begin()->first;
  if (const auto due = stack_->poll_timeout()) next = std::min(next, *due);
  if (next > until) return false;
  now_ = std::max(now_, next);
  while (!path_.empty() && path_.begin()->first <= now_) {
    auto arrived = path_.extract(path_.begin());
    arrived.mapped().to->handle_packet(now_, arrived.mapped().data);
    collect();
  }
  if (const auto due = stack_->poll_timeout(); due && *due <= now_) {
    ++ticks;
    stack_->advance(now_);
  }
  collect();
  return true;
}

bool network::run(const std::function<bool()>& done, duration limit) {
  const instant until = now_ + limit;
  while (!done())
    if (!step(until)) return done();
  return true;
}

void network::run_for(duration time) {
  const instant until = now_ + time;
  while (step(until)) {
  }
  now_ = until;
}

bool network::establish(end a, end b) {
  return run([&] { return a->status() == association::state::up && b->status() == association::state::up; });
}

bool network::quiet() const {
  return path_.empty() && !stack_->poll_timeout();
}

void network::sleep(duration time) {
  now_ += time;
}

std::string describe(const packet& sent) {
  static const std::map<chunk_type, std::string> names{{chunk_type::init, "INIT"},
                                                       {chunk_type::init_ack, "INIT-ACK"},
                                                       {chunk_type::cookie_echo, "COOKIE-ECHO"},
                                                       {chunk_type::cookie_ack, "COOKIE-ACK"},
                                                       {chunk_type::data, "DATA"},
                                                       {chunk_type::sack, "SACK"},
                                                       {chunk_type::abort, "ABORT"}};
  std::string text;
  chunk_walk walk(sent.data);
  while (const auto one = walk.next()) {
    if (!text.empty()) text += '+';
    const auto name = names.find(one->type);
    text += name == names.end() ? std::to_string(static_cast<int>(one->type)) : name->second;
  }
  return text + ' ' + std::to_string(sent.data.size());
}

bytes pattern(std::size_t size, std::uint32_t salt) {
  bytes made(size);
  std::uint32_t state = salt * 2654435761u + 1;
  for (std::uint8_t& one : made) {
    state = state * 1664525u + 1013904223u;
    one = static_cast<std::uint8_t>(state >> 24);
  }
  return made;
}

}  // namespace gof::sctp::test
