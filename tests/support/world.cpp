#include "support/world.hpp"

#include "support/wall_clock.hpp"

#include <stdexcept>

namespace gof::test {

host::host(world& in, std::string name, core::node_config config)
    : world_(in),
      name_(std::move(name)),
      index_(in.hosts_.size()),
      port_(in.next_port_++),
      config_(std::move(config)) {
  start(in);
}

host::host(world& in, std::string name, std::unique_ptr<actor> stand_in)
    : world_(in),
      name_(std::move(name)),
      index_(in.hosts_.size()),
      port_(in.next_port_++),
      actor_(std::move(stand_in)) {}

void host::start(world& in) {
  auto made = std::make_unique<node_actor>(*config_, in.stack_, in.random_);
  node_ = &made->node();
  actor_ = std::move(made);
}

world::world(std::uint64_t seed) : start_(1000s), now_(start_), random_(seed) {
  random_.fill(network_key_.writable());
}

world::~world() {
  for (auto& h : hosts_) h->actor_.reset();
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
  config.host = next_host;
  hosts_.push_back(std::make_unique<host>(*this, name, std::move(config)));
  return *hosts_.back();
}

host& world::add_twin(const host& of, const std::string& name) {
  hosts_.push_back(std::make_unique<host>(*this, name, *of.config_));
  return *hosts_.back();
}

host& world::add_stand_in(const std::string& name, std::unique_ptr<actor> in_its_place) {
  hosts_.push_back(std::make_unique<host>(*this, name, std::move(in_its_place)));
  return *hosts_.back();
}

void world::kill(host& h) {
  note(h.name() + " is killed");
  h.actor_.reset();
  h.node_ = nullptr;
  ++h.life_;
  std::erase_if(given_up_, [&](const auto& g) { return g.first == h.index_; });
  std::vector<wire_end> its;
  for (const auto& [key, socket] : sockets_)
    if (key.first == h.index_) its.push_back(socket);
  for (const auto& [c, which] : its) {
    end(c, which, "connection reset by peer");
    close_socket(c, which);
  }
}

void world::restart(host& h) {
  note(h.name() + " is started again");
  h.start(*this);
  for (const auto& at : h.bootstraps_) h.node_->add_bootstrap(now_, {at});
  touch(h);
}

void world::join(host& h, const host& bootstrap) {
  h.bootstraps_.push_back({bootstrap.name(), bootstrap.port()});
  h.node_->add_bootstrap(now_, {h.bootstraps_.back()});
  touch(h);
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

void world::jump_wall_clock(duration by) {
  note("the wall clock is set by " +
       std::to_string(std::chrono::duration_cast<std::chrono::seconds>(by).count()) + " s");
  wall_clock::jump(by);
}

// ---- time

bool world::run(duration for_at_most, const std::function<bool()>& done) {
  const auto until = now_ + for_at_most;
  for (auto& h : hosts_) touch(*h);
  for (;;) {
    pump_all();
    if (done()) return true;
    auto next = next_timeout();
    if (!agenda_.empty() && (!next || agenda_.begin()->first < *next)) next = agenda_.begin()->first;
    if (!next || *next >= until) {
      move_to(until);
      return done();
    }
    move_to(std::max(now_, *next));
    if (agenda_.empty() || agenda_.begin()->first > now_) {
      wake();
      continue;
    }
    const auto what = std::move(agenda_.begin()->second);
    agenda_.erase(agenda_.begin());
    what();
  }
}

void world::move_to(instant when) {
  standing_still_ = when == now_ ? standing_still_ + 1 : 0;
  if (standing_still_ > longest_stand) throw std::logic_error("a timer stays due: time stands still");
  now_ = when;
}

std::optional<instant> world::next_timeout() const {
  std::optional<instant> next;
  for (const auto& h : hosts_) {
    if (!h->actor_) continue;
    const auto due = h->actor_->poll_timeout();
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

/// All hosts share the SCTP stack: after a tick each one is polled.
void world::wake() {
  for (auto& h : hosts_) {
    if (!h->actor_) continue;
    touch(*h);
    const auto due = h->actor_->poll_timeout();
    if (!due || *due > now_) continue;
    ++h->wakeups_;
    h->actor_->handle_timeout(now_);
  }
}

void world::kick(host& h) {
  touch(h);
}

void world::note(const std::string& text) {
  if (observer_ != nullptr) observer_->handle_note(now_, text);
}

void world::pump_all() {
  while (!dirty_.empty()) {
    auto& h = *hosts_[*dirty_.begin()];
    dirty_.erase(dirty_.begin());
    if (h.actor_) pump(h);
  }
}

void world::pump(host& h) {
  for (;;) {
    auto e = h.actor_->poll_event();
    if (!e) {
      do transmit(h);
      while (h.actor_->poll_more());
      e = h.actor_->poll_event();
    }
    if (!e) return;
    h.events_.push_back(*e);
    h.times_.push_back(since_start());
    if (observer_ != nullptr) observer_->handle_event(now_, h, *e);
    handle(h, *e);
    if (!h.actor_) return;
  }
}

void world::handle(host& h, const core::event& e) {
  if (const auto* d = std::get_if<core::dial_wanted>(&e)) dial(h, *d);
  if (const auto* wanted = std::get_if<core::close_wanted>(&e)) {
    const auto found = sockets_.find({h.index_, wanted->link});
    if (found == sockets_.end()) {
      given_up_.insert({h.index_, wanted->link});
    } else {
      const auto [c, which] = found->second;
      end(c, which, wanted->abort ? "connection reset by peer" : "");
      close_socket(c, which);
    }
  }
  if (h.on_event) h.on_event(e);
}

}  // namespace gof::test
