#include "forward/server.hpp"

#include "forward/words.hpp"

namespace gof::forward {
namespace {

/// Dials under way at once: as many as a node carries connections. Beyond it `busy`.
constexpr std::size_t most_dials = 16'384;

/// Lines that those who are refused can cause.
constexpr std::size_t most_lines = 10;
constexpr std::chrono::seconds lines_period{1};

}  // namespace

server::server(gof::node& node, server_options options, const std::vector<service>& services,
               const access& grants, journal& log)
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

/// Its target is not tried any more but for who waits for it.
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
    if (error) return;  // the node is going away, or this object has gone
    judge(std::move(asked));
    accept();
  });
}

void server::judge(incoming asked) {
  if (draining_) return asked.refuse(errc::shut_down, options_.name + " is shutting down");
  const request what{asked.peer(), asked.service(), asked.grant(),
                     [&](const access::token& token) { return asked.proves(token); }};
  const auto decided = decide(grants_, here_, what);
  if (decided.refused) return refuse(asked, decided);
  const auto to = services_.at(what.service);
  if (asked.is_probe()) return probe(std::move(asked), to);
  connect(std::move(asked), to, {decided.as_peer ? std::nullopt : what.grant, what.peer, what.service});
}

void server::refuse(incoming& asked, const verdict& decided) {
  audit_.write(level::warning, "refused " + asked.peer().text() + ", who asked for " +
                                   printable(asked.service()) + ' ' + decided.why);
  asked.refuse(*decided.refused);
}

std::string server::words(const offered& what, const dial_failure& why) const {
  return target_words(why.why, what.service.target.text(), options_.name, why.system_words);
}

std::uint64_t server::dial(const forward::target& to, dial_handler done) {
  const auto number = next_dial_++;
  dials_[number] = dial_target(
      node_.get_executor(), to, options_.connect_timeout,
      [this, number, done = std::move(done)](std::optional<local_socket> socket, const dial_failure& why) {
        const auto held = dials_.extract(number);
        done(std::move(socket), why);
      });
  return number;
}

void server::give_up(std::uint64_t number) {
  if (const auto held = dials_.extract(number)) held.mapped()->cancel();
}

// ---------------------------------------------------------------- probes

void server::probe(incoming asked, const offered_ptr& to) {
  using step = probe_desk<incoming, outcome>::step;
  if (dials_.size() >= most_dials) return asked.refuse(errc::busy);
  switch (to->probes.ask(std::chrono::steady_clock::now(), asked)) {
    case step::wait: return;
    case step::shared: return answer(asked, *to, to->probes.last());
    case step::busy: return asked.refuse(errc::busy);
    case step::dial: break;
  }
  dial(to->service.target, [this, to](const std::optional<local_socket>& socket, const dial_failure& why) {
    const auto how = socket ? outcome() : outcome(why);
    note(to, how);
    for (auto& one : to->probes.handle_outcome(std::chrono::steady_clock::now(), how)) answer(one, *to, how);
  });
}

void server::answer(incoming& asked, const offered& what, const outcome& how) const {
  if (how)
    asked.refuse(how->why, words(what, *how));
  else
    asked.confirm();
}

// ---------------------------------------------------------------- connections

void server::connect(incoming asked, const offered_ptr& to, right by) {
  if (dials_.size() >= most_dials) return asked.refuse(errc::busy);
  // A std::function is copyable, a request is not.
  const auto held = std::make_shared<incoming>(std::move(asked));
  const auto number =
      dial(to->service.target,
           [this, held, to, by = std::move(by)](std::optional<local_socket> socket, const dial_failure& why) {
             note(to, socket ? outcome() : outcome(why));
             if (socket) return join(std::move(*held), std::move(*socket), *to, by);
             held->refuse(why.why, words(*to, why));
           });
  // Who went waits for no target.
  held->async_wait_gone([alive = std::weak_ptr(alive_), number](boost::system::error_code why) {
    const auto self = alive.lock();
    if (self && why != boost::asio::error::operation_aborted) (*self)->give_up(number);
  });
}

void server::join(incoming asked, local_socket socket, const offered& to, const right& by) {
  // It may have been taken back while the target was dialled.
  if (!by.counts(grants_)) return asked.refuse(by.grant ? errc::withdrawn : errc::not_allowed);
  const auto who = asked.peer().text();
  log_.write(level::detail, who + " is connected to " + by.service);
  auto over = [this, who, service = by.service, target = to.service.target.text()](const pump::end& how) {
    if (is_vanished(how.error))
      return vanished_.write(level::warning, service + ": " + target + " does not answer any more: " +
                                                 how.error.message() + "; a connection to it was reset");
    log_.write(level::detail, who + "'s connection to " + service +
                                  (how.error ? " was reset: " + how.error.message() : " ended"));
  };
  pumps_.add(std::move(socket), asked.accept(), by.label(), to.counts, std::move(over)).start();
}

/// Of a target that stays away one line tells enough, however many ask for it.
void server::note(const offered_ptr& to, const outcome& how) {
  auto& what = *to;
  if (what.gone) return;
  const auto now = std::chrono::steady_clock::now();
  if (!how) {
    if (!what.failing.end()) return;
    what.pauses.reset();
    what.again.reset();
    what.since = now;
    return log_.write(level::note, what.service.name + ": " + what.service.target.text() + " answers again");
  }
  if (what.failing.what().empty()) what.since = now;
  const auto line = what.service.name + ": " + words(what, *how);
  const bool fresh = what.failing.begin(now, line);
  log_.write(fresh ? level::warning : level::detail, line);
  if (!what.again && !draining_) plan(to);
}

/// Seldom enough for the log of a target that refuses.
void server::plan(const offered_ptr& to) {
  to->again.emplace(node_.get_executor(), to->pauses.next());
  // What waits here goes with the service; it must not hold it.
  to->again->async_wait([this, weak = std::weak_ptr(to)](boost::system::error_code cancelled) {
    const auto held = weak.lock();
    if (cancelled || !held || held->gone) return;
    held->trying =
        dial_target(node_.get_executor(), held->service.target, options_.connect_timeout,
                    [this, weak](const std::optional<local_socket>& socket, const dial_failure& why) {
                      const auto tried = weak.lock();
                      if (!tried) return;
                      tried->trying.reset();
                      tried->again.reset();
                      note(tried, socket ? outcome() : outcome(why));
                    });
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
    const auto by = right::of(label);
    if (!by.counts(grants_)) (by.grant ? holders : peers) += pumps_.abort(label);
  }
  if (holders > 0)
    log_.write(level::note,
               "a ticket was withdrawn: " + count_text(holders, "connection") + " of its holders reset");
  if (peers > 0)
    log_.write(level::note,
               "fewer peers are allowed: " + count_text(peers, "connection") + " without a ticket reset");
}

void server::drain() {
  draining_ = true;
}

void server::abort_all() {
  pumps_.abort_all();
}

}  // namespace gof::forward
