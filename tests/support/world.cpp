#include "support/world.hpp"

#include "support/virtual_clock.hpp"

namespace gof::test {

host::host(world& in, std::string name, core::node_config config)
    : world_(in),
      name_(std::move(name)),
      index_(in.hosts_.size()),
      port_(in.next_port_++),
      node_(std::make_unique<core::node>(std::move(config), in.stack_, in.random_)) {}

world::world(std::uint64_t seed) : now_(instant(1000s)), random_(seed) {
  random_.fill(network_key_.writable());
  virtual_clock::set(now_);
}

world::~world() {
  for (auto& h : hosts_) h->node_.reset();
}

host& world::add_member(const std::string& name, duration survive, duration connect_timeout) {
  return add(name, true, survive, connect_timeout);
}

host& world::add_guest(const std::string& name, duration survive, duration connect_timeout) {
  return add(name, false, survive, connect_timeout);
}

host& world::add(const std::string& name, bool member, duration survive, duration connect_timeout) {
  core::node_config config{secure::identity::generate(random_), std::nullopt, name, survive, connect_timeout};
  if (member) config.network_key = network_key_;
  hosts_.push_back(std::make_unique<host>(*this, name, std::move(config)));
  return *hosts_.back();
}

wire::ticket world::ticket(host& issuer, const std::vector<std::string>& services, std::uint8_t number) {
  wire::ticket t;
  t.issuer = issuer.node().peer();
  t.mesh = secure::mesh_of(network_key_);
  t.grant.value.fill(number);
  const auto key = secure::guest_link_key(network_key_, t.issuer, t.grant);
  std::copy(key.view().begin(), key.view().end(), t.link_key.begin());
  random_.fill(t.token);
  for (const auto& s : services) t.services.push_back({s, 0});
  t.addresses.push_back({issuer.name(), issuer.port()});
  return t;
}

cable& world::between(const host& a, const host& b) {
  return cables_[{std::min(&a, &b), std::max(&a, &b)}];
}

bool world::run(duration for_at_most, const std::function<bool()>& done) {
  const auto until = now_ + for_at_most;
  for (auto& h : hosts_) touch(*h);
  for (;;) {
    while (!dirty_.empty()) {
      auto& h = *hosts_[*dirty_.begin()];
      dirty_.erase(dirty_.begin());
      if (h.node_) pump(h);
    }
    if (done()) return true;
    auto next = agenda_.empty() ? until : std::min(until, agenda_.begin()->first);
    for (auto& h : hosts_) {
      if (!h->node_) continue;
      if (const auto due = h->node_->poll_timeout()) next = std::min(next, std::max(now_, *due));
    }
    if (next >= until && (agenda_.empty() || agenda_.begin()->first >= until)) {
      now_ = until;
      virtual_clock::set(now_);
      return done();
    }
    now_ = std::max(now_, next);
    virtual_clock::set(now_);
    if (!agenda_.empty() && agenda_.begin()->first <= now_) {
      auto what = std::move(agenda_.begin()->second);
      agenda_.erase(agenda_.begin());
      what();
      continue;
    }
    for (auto& h : hosts_) {
      if (!h->node_) continue;
      if (const auto due = h->node_->poll_timeout(); due && *due <= now_) h->node_->handle_timeout(now_);
      touch(*h);
    }
  }
}

void world::kick(host& h) {
  touch(h);
}

void world::pump(host& h) {
  for (;;) {
    auto e = h.node_->poll_event();
    if (!e) {
      transmit(h);
      e = h.node_->poll_event();
    }
    if (!e) return;
    h.events_.push_back(*e);
    handle(h, *e);
    if (!h.node_) return;
  }
}

void world::handle(host& h, const core::event& e) {
  if (const auto* d = std::get_if<core::dial_wanted>(&e)) dial(h, *d);
  if (const auto* wanted = std::get_if<core::close_wanted>(&e)) {
    const auto [c, end] = find(h, wanted->link);
    if (c) at(now_, [this, c = c, end = end] { close(c, end, "closed"); });
  }
  if (h.on_event) h.on_event(e);
}

void world::dial(host& from, const core::dial_wanted& wanted) {
  host* to = nullptr;
  for (auto& h : hosts_)
    if (h->node_ && h->port() == wanted.to.port) to = h.get();
  const auto fail = [this, &from, link = wanted.link](const char* why) {
    if (!from.node_) return;
    from.node_->handle_dial_failed(now_, link, why);
    touch(from);
  };
  if (to == nullptr) return at(now_ + 1ms, [fail] { fail("connection refused"); });
  auto& c = between(from, *to);
  if (c.cut) return at(now_ + 3s, [fail] { fail("timed out"); });
  at(now_ + 2 * c.delay, [this, &from, to, link = wanted.link, fail] {
    if (!from.node_) return;
    if (!to->node_ || between(from, *to).cut) return fail("connection refused");
    connect(from, link, *to);
  });
}

void world::connect(host& from, link_id link, host& to) {
  const auto accepted = to.node_->accept_link(now_, from.name());
  if (!accepted) {
    from.node_->handle_dial_failed(now_, link, "connection reset");
    return;
  }
  auto c = std::make_shared<connection>();
  c->ends[0].owner = &from;
  c->ends[0].link = link;
  c->ends[1].owner = &to;
  c->ends[1].link = *accepted;
  connections_.push_back(c);
  from.node_->handle_connected(now_, link);
  touch(from);
  touch(to);
}

std::pair<std::shared_ptr<world::connection>, int> world::find(const host& h, link_id link) const {
  for (const auto& c : connections_)
    for (int end = 0; end < 2; ++end)
      if (c->ends[end].owner == &h && c->ends[end].link == link) return {c, end};
  return {nullptr, 0};
}

void world::transmit(host& h) {
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const auto c = connections_[i];
    for (int end = 0; end < 2; ++end) {
      auto& s = c->ends[end];
      if (s.owner != &h || !s.open) continue;
      while (s.unread < between(*c->ends[0].owner, *c->ends[1].owner).buffer) {
        auto data = h.node_->poll_transmit(now_, s.link);
        if (data.empty()) break;
        send(c, end, std::move(data));
      }
    }
  }
}

void world::send(const std::shared_ptr<connection>& c, int from, bytes data) {
  auto& s = c->ends[from];
  const auto& line = between(*c->ends[0].owner, *c->ends[1].owner);
  if (on_bytes) on_bytes(*s.owner, *c->ends[1 - from].owner, data);
  s.unread += data.size();
  auto leaves = std::max(now_, s.line_free);
  if (line.bits_per_second > 0)
    leaves +=
        duration(static_cast<std::int64_t>(static_cast<double>(data.size()) * 8e9 / line.bits_per_second));
  s.line_free = leaves;
  const bool lost = line.cut;
  at(leaves + line.delay, [this, c, from, lost, data = std::move(data)] {
    auto& sender = c->ends[from];
    auto& receiver = c->ends[1 - from];
    if (lost || between(*c->ends[0].owner, *c->ends[1].owner).cut) return;  // and the writer stays blocked
    sender.unread -= data.size();
    touch(*sender.owner);
    if (!receiver.open || !receiver.owner->node_) return;
    receiver.owner->node_->handle_bytes(now_, receiver.link, data);
    touch(*receiver.owner);
  });
}

void world::close(const std::shared_ptr<connection>& c, int end, const std::string& detail) {
  c->ends[end].open = false;
  auto& other = c->ends[1 - end];
  const auto& line = between(*c->ends[0].owner, *c->ends[1].owner);
  if (line.cut) return;
  const auto when = std::max(now_, c->ends[end].line_free) + line.delay;
  at(when, [this, c, &other, detail] {
    if (!other.open || !other.owner->node_) return;
    other.open = false;
    other.owner->node_->handle_closed(now_, other.link, detail);
    touch(*other.owner);
  });
}

void world::reset_connections(const host& a, const host& b) {
  for (const auto& c : connections_) {
    const auto joins = [&](const host& x, const host& y) {
      return c->ends[0].owner == &x && c->ends[1].owner == &y;
    };
    if (!joins(a, b) && !joins(b, a)) continue;
    for (auto& s : c->ends) {
      if (!s.open || !s.owner->node_) continue;
      s.open = false;
      s.owner->node_->handle_closed(now_, s.link, "connection reset by peer");
      touch(*s.owner);
    }
  }
}

void world::kill(host& h) {
  h.node_.reset();
  for (const auto& c : connections_)
    for (int end = 0; end < 2; ++end)
      if (c->ends[end].owner == &h && c->ends[end].open) close(c, end, "connection reset by peer");
}

}  // namespace gof::test
