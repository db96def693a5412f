#include "forward/server.hpp"

#include "forward/words.hpp"

namespace gof::forward {
namespace {

/// Dials under way at once: as many as a node carries connections. Beyond it `busy`.
constexpr std::size_t most_dials = 16'384;

/// Lines that those who are refused can cause.
constexpr std::size_t most_lines = 10;
constexpr std::chrono::seconds lines_period{1};

std::string label_of(const access::grant_id& grant) {
  return {grant.begin(), grant.end()};
}

access::grant_id grant_of(const std::string& label) {
  access::grant_id grant{};
  std::copy_n(label.begin(), std::min(label.size(), grant.size()), grant.begin());
  return grant;
}

}  // namespace

server::server(gof::node& node, server_options options, std::vector<service> services, const access& grants,
               journal& log)
    : node_(node),
      options_(std::move(options)),
      grants_(grants),
      log_(log),
      audit_(log, most_lines, lines_period),
      acceptor_(node),
      pumps_(node.get_executor()) {
  for (auto& one : services) {
    here_.push_back({one.name, one.target.text()});
    services_.emplace(one.name, offered{std::move(one.target), {}, {}, std::chrono::steady_clock::now()});
  }
}

server::~server() {
  for (const auto& [number, one] : dials_) one->cancel();
  for (const auto& [name, one] : services_)
    if (one.trying) one.trying->cancel();
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
  const request what{asked.service(), asked.grant(),
                     [&](const access::token& token) { return asked.proves(token); }};
  const auto decided = decide(grants_, here_, what);
  if (decided.refused) return refuse(asked, decided);
  auto& service = services_.at(what.service);
  asked.is_probe() ? probe(std::move(asked), service) : connect(std::move(asked), service);
}

void server::refuse(incoming& asked, const verdict& decided) {
  audit_.write(level::warning, "refused " + asked.peer().text() + ", who asked for " +
                                   printable(asked.service()) + ' ' + decided.why);
  asked.refuse(*decided.refused);
}

std::string server::words(const offered& what, const dial_failure& why) const {
  return target_words(why.why, what.target.text(), options_.name, why.system_words);
}

void server::dial_target(const forward::target& to, dial::handler done) {
  const auto number = next_dial_++;
  dials_[number] = dial::start(
      node_.get_executor(), to, options_.connect_timeout,
      [this, number, done = std::move(done)](std::optional<local_socket> socket, const dial_failure& why) {
        const auto held = dials_.extract(number);
        done(std::move(socket), why);
      });
}

// ---------------------------------------------------------------- probes

void server::probe(incoming asked, offered& what) {
  using step = probe_desk<incoming, outcome>::step;
  if (dials_.size() >= most_dials) return asked.refuse(errc::busy);
  const auto name = asked.service();
  switch (what.probes.ask(std::chrono::steady_clock::now(), asked)) {
    case step::wait: return;
    case step::shared: return answer(asked, what, what.probes.last());
    case step::busy: return asked.refuse(errc::busy);
    case step::dial: break;
  }
  dial_target(what.target,
              [this, name, &what](const std::optional<local_socket>& socket, const dial_failure& why) {
                const auto how = socket ? outcome() : outcome(why);
                note(name, what, how);
                for (auto& one : what.probes.handle_outcome(std::chrono::steady_clock::now(), how))
                  answer(one, what, how);
              });
}

void server::answer(incoming& asked, const offered& what, const outcome& how) const {
  if (how)
    asked.refuse(how->why, words(what, *how));
  else
    asked.confirm();
}

// ---------------------------------------------------------------- connections

void server::connect(incoming asked, offered& what) {
  if (dials_.size() >= most_dials) return asked.refuse(errc::busy);
  // A std::function is copyable, a request is not.
  const auto held = std::make_shared<incoming>(std::move(asked));
  dial_target(what.target, [this, held, &what](std::optional<local_socket> socket, const dial_failure& why) {
    note(held->service(), what, socket ? outcome() : outcome(why));
    if (socket) return join(std::move(*held), std::move(*socket));
    held->refuse(why.why, words(what, why));
  });
}

void server::join(incoming asked, local_socket socket) {
  const auto grant = asked.grant().value_or(access::grant_id{});
  const auto service = asked.service();
  // It may have been withdrawn while the target was dialled.
  if (!grants_.find(grant)) return asked.refuse(errc::withdrawn);
  log_.write(level::detail, asked.peer().text() + " is connected to " + service);
  auto over = [this, who = asked.peer().text(), service](const pump::end& how) {
    log_.write(level::detail, who + "'s connection to " + service +
                                  (how.error ? " was reset: " + how.error.message() : " ended"));
  };
  pumps_
      .add(std::move(socket), asked.accept(), label_of(grant), services_.at(service).counts, std::move(over))
      .start();
}

/// Of a target that stays away one line tells enough, however many ask for it.
void server::note(const std::string& service, offered& what, const outcome& how) {
  if (!how) {
    if (!what.failing.end()) return;
    what.pauses.reset();
    what.again.reset();
    what.since = std::chrono::steady_clock::now();
    return log_.write(level::note, service + ": " + what.target.text() + " answers again");
  }
  if (what.failing.what().empty()) what.since = std::chrono::steady_clock::now();
  const auto line = service + ": " + words(what, *how);
  const bool fresh = what.failing.begin(std::chrono::steady_clock::now(), line);
  log_.write(fresh ? level::warning : level::detail, line);
  if (!what.again && !draining_) plan(service, what);
}

/// Seldom enough for the log of a target that refuses.
void server::plan(const std::string& service, offered& what) {
  what.again.emplace(node_.get_executor(), what.pauses.next());
  what.again->async_wait([this, service, &what](boost::system::error_code cancelled) {
    if (cancelled) return;
    what.trying = dial::start(
        node_.get_executor(), what.target, options_.connect_timeout,
        [this, service, &what](const std::optional<local_socket>& socket, const dial_failure& why) {
          what.trying.reset();
          what.again.reset();
          note(service, what, socket ? outcome() : outcome(why));
        });
  });
}

std::vector<service_report> server::report() const {
  std::vector<service_report> all;
  for (const auto& [name, one] : services_)
    all.push_back(
        {name, one.target.text(), !one.failing.what().empty(), one.since, one.failing.what(), *one.counts});
  return all;
}

// ---------------------------------------------------------------- grants, the end

void server::handle_grants_changed() {
  std::size_t reset = 0;
  for (const auto& label : pumps_.labels())
    if (!grants_.find(grant_of(label))) reset += pumps_.abort(label);
  if (reset > 0)
    log_.write(level::note,
               "a ticket was withdrawn: " + count_text(reset, "connection") + " of its holders reset");
}

void server::drain() {
  draining_ = true;
}

void server::abort_all() {
  pumps_.abort_all();
}

}  // namespace gof::forward
