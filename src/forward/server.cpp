#include "forward/server.hpp"

#include "log/text.hpp"

#include <algorithm>

namespace gof::forward {
namespace {

using log::count_text;
using log::level;
using log::printable;

/// Dials at a time: as many as a node carries connections. Beyond that requests are refused as busy.
constexpr std::size_t most_dials = 16'384;
/// How long to wait for a connection that leads back here; on one host it takes a millisecond or two.
constexpr std::chrono::milliseconds time_to_return{500};

/// The most log lines that refused peers can cause.
constexpr std::uint32_t most_lines = 10;
constexpr std::chrono::seconds lines_period{1};

}  // namespace

server::server(gof::node& node, server_options options, const std::vector<service>& services,
               const access_policy& grants, log::logger& log)
    : node_(node),
      options_(std::move(options)),
      grants_(grants),
      log_(log),
      audit_(log, most_lines, lines_period),
      vanished_(log, most_lines, lines_period),
      acceptor_(node),
      pumps_(node.get_executor(), options_.keep_alive) {
  serve(services);
}

server::~server() {
  for (const auto& [number, one] : dials_) one->cancel();
  for (const auto& [name, one] : services_) retire(*one);
}

void server::serve(const std::vector<service>& services) {
  here_.clear();
  std::map<std::string, offered_ptr> now;
  for (const auto& one : services) {
    here_.push_back({one.name, one.target.text()});
    const auto before = services_.find(one.name);
    const bool same = before != services_.end() && before->second->service == one;
    now.emplace(one.name, same ? before->second : std::make_shared<offered>(one));
  }
  for (const auto& [name, one] : std::exchange(services_, std::move(now)))
    if (const auto at = services_.find(name); at == services_.end() || at->second != one) retire(*one);
}

/// Its target is dialled only for requests that are already waiting.
void server::retire(offered& what) {
  what.gone = true;
  what.again.reset();
  if (const auto trying = std::exchange(what.trying, nullptr)) trying->cancel();
}

void server::start() {
  accept();
}

void server::accept() {
  acceptor_.async_accept([this](boost::system::error_code error, incoming asked) {
    if (error) return;  // the node was closed, or this object is gone
    judge(std::move(asked));
    accept();
  });
}

void server::judge(incoming asked) {
  if (draining_) return asked.refuse(errc::shut_down, options_.name + " is shutting down");
  const request what{asked.peer(), asked.service(), asked.grant(),
                     [&](const access_policy::token& token) { return asked.proves(token); }};
  const auto decided = decide(grants_, here_, what);
  if (decided.refused) return refuse(asked, decided);
  const auto to = services_.at(what.service);
  if (refuse_returned(asked, to)) return;
  if (asked.is_probe()) return probe(std::move(asked), to);
  connect(std::move(asked), to, {decided.as_peer ? std::nullopt : what.grant, what.peer, what.service});
}

void server::refuse(incoming& asked, const decision& decided) {
  audit_.write(level::warning, "refused " + asked.peer().text() + ", who asked for " +
                                   printable(asked.service()) + ' ' + decided.why);
  asked.refuse(*decided.refused);
}

std::string server::words(const offered& what, const dial_failure& why) const {
  return why.text(what.service.target.text(), options_.name);
}

std::uint64_t server::dial(const offered_ptr& to, dial_handler done) {
  const auto number = next_dial_++;
  dials_[number] = dial_target(
      node_.get_executor(), to->service.target, options_.connect_timeout,
      [this, number, done = std::move(done)](std::optional<target_connection> got, const dial_failure& why) {
        const auto held = dials_.extract(number);
        done(std::move(got), why);
      },
      watch(*to));
  return number;
}

void server::give_up(std::uint64_t number) {
  if (const auto held = dials_.extract(number)) held.mapped()->cancel();
}

dial_watcher server::watch(const offered& to) {
  return [this, service = to.service.name](const tcp_ends& ends) { return own_.add(ends, service); };
}

// ---------------------------------------------------------------- loops

/// A forward on this host accepted a connection that we made to a target: so the target is that forward.
bool server::refuse_returned(incoming& asked, const offered_ptr& to) {
  const auto client = asked.client();
  const auto at = asked.listening();
  if (!client || at.size() != 1) return false;
  const auto* made = own_.find_returned({at.front(), *client});
  if (made == nullptr) return false;
  const auto found = services_.find(made->service);
  const auto& dialled = found == services_.end() ? to : found->second;
  const dial_failure why{errc::loop, {}};
  note(dialled, why);
  asked.refuse(errc::loop, words(*dialled, why));
  return true;
}

/// Evaluates a dial that carries no connection. For a target that led back here before, success alone proves
/// nothing.
void server::conclude(const offered_ptr& to, std::optional<target_connection> got, const dial_failure& why,
                      conclusion done) {
  if (!got) return done({why, {}});
  const auto ends = got->ends;
  if (!to->looping) return done({{}, ends});
  if (!ends) return done({dial_failure{errc::loop, {}}, {}});  // gone at once, as in a loop
  const auto number = next_dial_++;
  auto& held =
      suspicions_
          .try_emplace(number, suspicion{std::move(got->socket), own_.add(*ends, to->service.name),
                                         boost::asio::steady_timer(node_.get_executor(), time_to_return),
                                         std::move(done)})
          .first->second;
  held.until.async_wait([this, number, ends](boost::system::error_code cancelled) {
    if (cancelled) return;
    auto over = suspicions_.extract(number);
    const auto& dialled = over.mapped().dialled;
    const bool returned = dialled && dialled->returned;
    over.mapped().done({returned ? outcome({errc::loop, {}}) : outcome(), ends});
  });
}

// ---------------------------------------------------------------- probes

void server::probe(incoming asked, const offered_ptr& to) {
  using step = probe_coalescer<incoming, probed>::step;
  if (dials_.size() >= most_dials) return asked.refuse(errc::busy);
  switch (to->probes.ask(std::chrono::steady_clock::now(), asked)) {
    case step::wait: return;
    case step::shared: {
      auto how = to->probes.last();
      if (!how.failure && how.ends && leads_to(*how.ends, asked.listening()))
        note(to, how.failure = dial_failure{errc::loop, {}});
      return answer(asked, *to, how.failure);
    }
    case step::busy: return asked.refuse(errc::busy);
    case step::dial: break;
  }
  dial(to, [this, to](std::optional<target_connection> got, const dial_failure& why) {
    conclude(to, std::move(got), why, [this, to](probed how) { handle_probed(to, std::move(how)); });
  });
}

void server::handle_probed(const offered_ptr& to, probed how) {
  // If one of the probing peers listens at the target's address, every connection through it would be a loop.
  const auto is_its_own = [&](const incoming& one) { return one && leads_to(*how.ends, one.listening()); };
  const auto& askers = to->probes.waiting();
  if (!how.failure && how.ends && std::any_of(askers.begin(), askers.end(), is_its_own))
    how.failure = dial_failure{errc::loop, {}};
  note(to, how.failure);
  const auto failure = how.failure;
  for (auto& one : to->probes.handle_outcome(std::chrono::steady_clock::now(), std::move(how)))
    answer(one, *to, failure);
}

void server::answer(incoming& asked, const offered& what, const outcome& how) const {
  if (how)
    asked.refuse(how->why, words(what, *how));
  else
    asked.confirm();
}

// ---------------------------------------------------------------- connections

void server::connect(incoming asked, const offered_ptr& to, authorization by) {
  if (dials_.size() >= most_dials) return asked.refuse(errc::busy);
  // A std::function must be copyable, which a request is not.
  const auto held = std::make_shared<incoming>(std::move(asked));
  const auto number = dial(to, [this, held, to, by = std::move(by)](std::optional<target_connection> got,
                                                                    const dial_failure& failed) {
    auto how = got ? outcome() : outcome(failed);
    const auto ends = got ? got->ends : std::nullopt;
    if (ends && *held && leads_to(*ends, held->listening())) how = dial_failure{errc::loop, {}};
    // A target that led back here may still do so.
    if (how || !to->looping) note(to, how);
    if (how) return held->refuse(how->why, words(*to, *how));
    join(std::move(*held), std::move(*got), to, by);
  });
  // Stops the dial when the request is over.
  held->async_wait_gone([alive = std::weak_ptr(alive_), number](boost::system::error_code why) {
    const auto self = alive.lock();
    if (self && why != boost::asio::error::operation_aborted) (*self)->give_up(number);
  });
}

void server::join(incoming asked, target_connection dialled, const offered_ptr& to, const authorization& by) {
  // The authorization may have been withdrawn during the dial.
  if (!by.is_valid(grants_)) return asked.refuse(by.grant ? errc::withdrawn : errc::not_allowed);
  const auto who = asked.peer();
  if (log_.keeps(level::debug)) log_.write(level::debug, who.text() + " is connected to " + to->service.name);
  auto over = [this, who, to, held = std::move(dialled.watched)](const pump::end& how) {
    const auto& name = to->service.name;
    if (is_vanished(how.error))
      return vanished_.write(level::warning, name + ": " + to->service.target.text() +
                                                 " does not answer any more: " + how.error.message() +
                                                 "; a connection to it was reset");
    if (log_.keeps(level::debug))
      log_.write(level::debug, who.text() + "'s connection to " + name +
                                   (how.error ? " was reset: " + how.error.message() : " ended"));
  };
  pumps_.add(std::move(dialled.socket), asked.accept(), by.label(), to->counts, std::move(over)).start();
}

/// One line is enough for a target that stays away, however many requests it gets.
void server::note(const offered_ptr& to, const outcome& how) {
  auto& what = *to;
  if (what.gone) return;
  what.looping = how && how->why == errc::loop;
  const auto now = std::chrono::steady_clock::now();
  if (!how) {
    if (!what.failing.end()) return;
    what.pauses.reset();
    what.again.reset();
    what.since = now;
    return log_.write(level::info, what.service.name + ": " + what.service.target.text() + " answers again");
  }
  if (what.failing.what().empty()) what.since = now;
  const auto line = what.service.name + ": " + words(what, *how);
  const bool fresh = what.failing.begin(now, line);
  log_.write(fresh ? level::warning : level::debug, line);
  if (!what.again && !draining_) plan(to);
}

/// The pauses keep the log of a target that refuses short.
void server::plan(const offered_ptr& to) {
  to->again.emplace(node_.get_executor(), to->pauses.next());
  // The timer belongs to the service, so its handler must not own that.
  to->again->async_wait([this, weak = std::weak_ptr(to)](boost::system::error_code cancelled) {
    const auto held = weak.lock();
    if (cancelled || !held || held->gone) return;
    held->trying = dial_target(
        node_.get_executor(), held->service.target, options_.connect_timeout,
        [this, weak](std::optional<target_connection> got, const dial_failure& why) {
          const auto tried = weak.lock();
          if (!tried) return;
          tried->trying.reset();
          tried->again.reset();
          conclude(tried, std::move(got), why,
                   [this, tried](const probed& how) { note(tried, how.failure); });
        },
        watch(*held));
  });
}

std::vector<service_report> server::report() const {
  std::vector<service_report> all;
  for (const auto& [name, one] : services_)
    all.push_back({name, one->service.target.text(), !one->failing.what().empty(), one->since,
                   one->failing.what(), *one->counts});
  return all;
}

// ---------------------------------------------------------------- grants, the end

void server::handle_grants_changed() {
  std::size_t holders = 0, peers = 0;
  for (const auto& label : pumps_.labels()) {
    const auto by = authorization::of(label);
    if (!by.is_valid(grants_)) (by.grant ? holders : peers) += pumps_.abort(label);
  }
  if (holders > 0)
    log_.write(level::info,
               "a ticket was withdrawn: " + count_text(holders, "connection") + " of its holders reset");
  if (peers > 0)
    log_.write(level::info,
               "fewer peers are allowed: " + count_text(peers, "connection") + " without a ticket reset");
}

void server::drain() {
  draining_ = true;
}

void server::abort_all() {
  pumps_.abort_all();
}

}  // namespace gof::forward
