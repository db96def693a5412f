#include "net/stream_state.hpp"

#include "base/utf8.hpp"
#include "net/clock.hpp"
#include "net/error.hpp"
#include "net/node_service.hpp"

#include <boost/asio/error.hpp>

#include <cassert>

namespace gof::detail {
namespace {

namespace io_error = boost::asio::error;

/// Cuts a text to the longest that a refusal can have.
std::string cut(const std::string& text) {
  return std::string(utf8::cut(text, wire::stream_refuse::longest_text));
}

}  // namespace

stream_state::stream_state(node_service& owner, stream_id id)
    : owner_(owner), id_(id), phase_(phase::opening) {}

stream_state::stream_state(node_service& owner, core::stream_incoming request)
    : owner_(owner), id_(request.stream), phase_(phase::asked), request_(std::move(request)) {}

void stream_state::start_connect(connect_ptr done) {
  connect_.set(std::move(done), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->cancel_connect();
  });
}

void stream_state::start_wait_gone(connect_ptr done) {
  if (is_over()) return done.complete(error_);
  if (connect_) return done.complete(io_error::in_progress);
  start_connect(std::move(done));
}

bool stream_state::accept() {
  if (phase_ != phase::asked) return false;
  assert(!request_.probe);
  phase_ = phase::open;
  owner_.core().accept(net::clock_now(), id_);
  owner_.touch();
  return true;
}

void stream_state::confirm() {
  if (phase_ != phase::asked) return;
  owner_.core().confirm(net::clock_now(), id_);
  leave({});
}

void stream_state::refuse(errc why, const std::string& text) {
  if (phase_ != phase::asked) return;
  owner_.core().refuse(net::clock_now(), id_, net::reason_from(why), cut(text));
  leave(why);
}

void stream_state::start_wait(stream::wait_type what, wait_ptr done) {
  auto& place = waits_[static_cast<std::size_t>(what)];
  if (place) return done.complete(io_error::in_progress);
  place.set(std::move(done), [weak = weak_from_this(), what] {
    if (const auto self = weak.lock()) self->cancel_wait(what);
  });
  serve_waits();
}

void stream_state::shutdown_send(error_code& error) {
  error = error_ ? error_ : broken_;
  if (error || finished_) return;
  finished_ = true;
  if (is_over()) return;
  owner_.core().finish(net::clock_now(), id_);
  owner_.touch();
  serve_write();  // a pending write has no room, and completes
  serve_waits();
}

void stream_state::reset() {
  cancel();
  if (is_over()) return;
  owner_.core().reset(net::clock_now(), id_);
  leave(errc::reset);
}

void stream_state::reset_behind(std::uint64_t more) {
  if (more == 0 || is_over() || broken_) return reset();
  cancel_connect();
  cancel_read();
  more_ = more;
  owner_.core().reset(net::clock_now(), id_, wire::reason::reset, more);
  serve_waits();
  owner_.touch();
}

void stream_state::abort() {
  cancel();
  if (is_over()) return;
  owner_.core().abort(net::clock_now(), id_);
  leave(errc::reset);
}

void stream_state::hold_taken() {
  if (!is_over()) owner_.core().hold_taken(id_);
}

void stream_state::taken(std::uint64_t total) {
  if (is_over()) return;
  owner_.core().taken(net::clock_now(), id_, total);
  owner_.touch();
}

void stream_state::close() {
  cancel();
  if (is_over()) return;
  if (phase_ == phase::opening && written_ == 0) return reset();
  detached_ = true;
  hold_taken();
  error_code ignored;
  shutdown_send(ignored);
  discard();
  if (!is_over()) owner_.linger(shared_from_this());
}

void stream_state::abandon() {
  if (!finished_ || !ended_) return reset();
  cancel();
  detached_ = true;
}

void stream_state::cancel() {
  cancel_connect();
  cancel_read();
  cancel_write();
  for (const auto what : {stream::wait_read, stream::wait_write, stream::wait_error, stream::wait_taken})
    cancel_wait(what);
}

void stream_state::cancel_wait(stream::wait_type what) {
  waits_[static_cast<std::size_t>(what)].complete(io_error::operation_aborted);
}

void stream_state::cancel_connect() {
  connect_.complete(io_error::operation_aborted);
}

void stream_state::cancel_read() {
  read_.complete(io_error::operation_aborted, 0);
}

void stream_state::cancel_write() {
  write_.complete(io_error::operation_aborted, 0);
}

void stream_state::handle_accepted() {
  if (phase_ != phase::opening) return;
  phase_ = phase::open;
  connect_.complete({});
}

void stream_state::handle_readable() {
  if (detached_) return discard();
  serve_read();
  serve_waits();
}

void stream_state::handle_writable() {
  serve_write();
  serve_waits();
}

void stream_state::handle_confirmed(std::uint64_t taken) {
  confirmed_ = taken;
  serve_waits();
}

void stream_state::handle_ending(error_code why) {
  broken_ = why;
  if (detached_) return reset();
  connect_.complete(why);
  serve_write();
  serve_waits();
}

void stream_state::handle_over(error_code why, const std::string& words) {
  refusal_ = words;
  ended_ = !why;
  if (ended_) confirmed_ = written_;
  leave(why);
  connect_.complete(why);
  serve_read();
  serve_write();
  serve_waits();
}

/// From now on the core does not know the stream. This object may be destroyed unless the caller holds it.
void stream_state::leave(error_code why) {
  phase_ = phase::over;
  error_ = why;
  owner_.forget(*this);
}

void stream_state::serve_waits() {
  const auto serve = [this](stream::wait_type what, bool now, error_code with) {
    if (now) waits_[static_cast<std::size_t>(what)].complete(with);
  };
  const auto end = error_ ? error_ : broken_;
  const error_code over = is_over() && !end ? make_error_code(io_error::eof) : end;
  serve(stream::wait_error, bool(over), over);
  serve(stream::wait_taken, is_taken() || over, is_taken() ? error_code() : over);
  if (waits_[static_cast<std::size_t>(stream::wait_read)]) {
    const bool any = !data().empty();
    const auto ended = any ? error_code() : read_error();
    serve(stream::wait_read, any || ended, ended);
  }
  if (!waits_[static_cast<std::size_t>(stream::wait_write)]) return;
  const auto error = write_error();
  serve(stream::wait_write, error || is_writable(), error);
}

void stream_state::discard() {
  auto& core = owner_.core();
  for (auto front = core.readable(id_); !front.empty(); front = core.readable(id_)) {
    heard_ = discarded_ = true;
    core.consume(net::clock_now(), id_, front.size());
  }
  owner_.touch();
  // Tells the sender that these bytes were not taken.
  if (discarded_ && core.at_end(id_)) reset();
}

bool stream_state::gone_silent() {
  return !std::exchange(heard_, false) && unconfirmed() == 0;
}

}  // namespace gof::detail
