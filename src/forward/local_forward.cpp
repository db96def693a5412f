#include "forward/local_forward.hpp"

#include "forward/tcp_ends.hpp"
#include "log/text.hpp"

namespace gof::forward {
namespace {

using log::level;
using log::printable;
using log::time_text;
using clock = std::chrono::steady_clock;
using boost::system::error_code;

/// Limits the lines about failed connections: the first ones say enough.
constexpr std::uint32_t most_lines = 10;
constexpr std::chrono::seconds lines_period{10};

/// The other side's explanation if it gave one, made printable.
std::string words_of(error_code error, const std::string& told) {
  return told.empty() ? error.message() : printable(told);
}

}  // namespace

local_forward::local_forward(delegate& in, log::logger& log, pump_set& pumps, std::shared_ptr<listener> local,
                             forwarding what)
    : in_(in),
      log_(log),
      failures_(log, most_lines, lines_period),
      pumps_(pumps),
      local_(std::move(local)),
      what_(std::move(what)),
      state_(clock::now()),
      timer_(in.node().get_executor()),
      since_(clock::now()) {}

local_forward::~local_forward() {
  close();
}

void local_forward::start() {
  local_->start([weak = weak_from_this()](local_socket socket, const std::optional<tcp_ends>& ends) {
    if (const auto self = weak.lock()) self->take(std::move(socket), ends);
  });
  run();
}

void local_forward::close() {
  closed_ = true;
  local_->close();
  timer_.cancel();
}

std::string local_forward::route() const {
  return local_->text() + " -> " + in_.peer_name() + '/' + what_.service;
}

// ---------------------------------------------------------------- connections

void local_forward::take(local_socket socket, const std::optional<tcp_ends>& ends) {
  gof::stream stream(in_.node());
  auto over = [weak = weak_from_this()](const pump::end& how) {
    if (const auto self = weak.lock()) self->handle_over(how);
  };
  gof::endpoint to{in_.peer(), what_.service};
  if (ends) {
    to.client = ends->remote;
    to.listening = {ends->local};
  }
  pumps_.add(std::move(socket), std::move(stream), {}, counts_, std::move(over)).start(to);
}

void local_forward::handle_over(const pump::end& how) {
  if (is_vanished(how.error))
    return failures_.write(level::warning, local_->text() + ": a client does not answer any more: " +
                                               how.error.message() + "; its connection was reset");
  if (how.opened || closed_) {
    if (how.error)
      log_.write(level::debug, local_->text() + ": a connection was reset: " + how.error.message());
    return;
  }
  if (how.error.category() != gof_category()) return;  // the client left first
  const auto words = words_of(how.error, how.words);
  const auto news = state_.handle_connection_failed(clock::now(), how.error);
  const auto line = local_->text() + ": a connection failed: " + words;
  // The forward itself reports a loop. Every probe of the target by the other side is a connection here, too.
  if (!news && how.error == errc::loop) return log_.write(level::debug, line);
  if (!news) return failures_.write(level::warning, line);
  tell(*news, words);
  run();
}

// ---------------------------------------------------------------- readiness

void local_forward::handle_session_up() {
  state_.handle_session_up(clock::now());
  run();
}

void local_forward::handle_session_over() {
  const bool was = state_.is_ready();
  state_.handle_session_over(clock::now());
  if (was) note(false, "the peer is gone");
  run();
}

void local_forward::run() {
  if (closed_) return;
  if (state_.poll_probe(clock::now())) return probe();
  const auto due = state_.poll_timeout();
  if (!due) return;
  timer_.expires_at(*due);
  timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (self && !cancelled) self->run();
  });
}

void local_forward::probe() {
  timer_.cancel();
  gof::endpoint to{in_.peer(), what_.service};
  to.listening = local_->endpoints();
  in_.node().async_probe(to, [weak = weak_from_this()](error_code error, const std::string& text) {
    const auto self = weak.lock();
    if (!self || self->closed_) return;
    self->tell(self->state_.handle_answer(clock::now(), error), words_of(error, text));
    self->run();
  });
}

void local_forward::note(bool ready, const std::string& why) {
  if (ready != why_.empty()) since_ = clock::now();
  why_ = why;
}

forward_report local_forward::report() const {
  return {local_->text(), in_.peer(), in_.peer_name(), what_.service, state_.is_ready(),
          since_,         why_,       *counts_};
}

void local_forward::tell(const readiness::news& what, const std::string& words) {
  // A loop stays until somebody changes where something listens.
  const bool again_a_loop = what.error == errc::loop && why_ == words;
  note(what.what == readiness::news::kind::ready,
       what.what == readiness::news::kind::ready ? std::string() : words);
  const auto line = route() + ": " + words;
  const auto again = "; again in " + time_text(what.again_in);
  switch (what.what) {
    case readiness::news::kind::ready:
      log_.write(level::info, "ready " + route() + " (" + in_.path_words() + ')');
      return in_.handle_ready();
    case readiness::news::kind::waiting: log_.write(level::debug, line + again); return in_.handle_waiting();
    case readiness::news::kind::refused:
      if (in_.handle_refused(what.error, line)) return;
      [[fallthrough]];
    case readiness::news::kind::failed:
      return log_.write(what.stale || again_a_loop ? level::debug : level::warning, line + again);
  }
}

}  // namespace gof::forward
