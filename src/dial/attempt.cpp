#include "dial/attempt.hpp"

#include "dial/candidates.hpp"
#include "dial/connecting_socket.hpp"
#include "dial/resource_exhausted.hpp"
#include "dial/unix_address.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>

namespace gof::dial {
namespace {

namespace io_error = boost::asio::error;
using boost::asio::ip::tcp;
using boost::system::error_code;
using endpoint = connection::endpoint;

/// The pause after a unix socket's queue was full, which the system reports at once.
constexpr std::chrono::milliseconds queue_full_pause{50};

}  // namespace

std::shared_ptr<attempt> attempt::start(const boost::asio::any_io_executor& on, destination to, limits within,
                                        handler done, watcher begun, lookup_pool& names) {
  auto made = std::make_shared<attempt>(on, std::move(to), std::move(done), std::move(begun), names);
  boost::asio::post(on, [made, within] {
    if (made->done_) made->begin(within);
  });
  return made;
}

attempt::attempt(const boost::asio::any_io_executor& on, destination to, handler done, watcher begun,
                 lookup_pool& names)
    : on_(on),
      timer_(on),
      to_(std::move(to)),
      done_(std::move(done)),
      begun_(std::move(begun)),
      names_(names),
      share_(socket_share::of(on)) {}

attempt::~attempt() {
  stop();
}

void attempt::cancel() {
  done_ = nullptr;
  stop();
}

void attempt::begin(limits within) {
  deadline_ = clock::now() + within.all;
  each_ = within.each;
  if (to_.host.empty()) {
    addresses_.push_back(unix_address(to_.path));
    return start_next(clock::now());
  }
  const auto known = known_addresses(to_.host);
  known.empty() ? look_up(within.all) : take(known);
}

void attempt::look_up(std::chrono::milliseconds limit) {
  lookup_ = lookup::start(
      on_, to_.host, limit,
      [self = shared_from_this()](const lookup_answer& found) {
        self->lookup_.reset();
        if (!found.error) return self->take(found.addresses);
        self->fail(failure::kind::name, self->to_.text(), found.error);
        self->answer(std::nullopt);
      },
      names_);
}

void attempt::take(const std::vector<boost::asio::ip::address>& found) {
  for (const auto& one : in_turns(found))
    if (addresses_.size() < most_addresses) addresses_.emplace_back(tcp::endpoint(one, to_.port));
  start_next(clock::now());
}

// ---------------------------------------------------------------- one address after another

void attempt::start_next(clock::time_point now) {
  next_at_.reset();
  while (next_ < addresses_.size() && take_place(now))
    if (connect(now)) break;
  if (!done_) return;  // the first one connected at once
  if (next_ == addresses_.size() && connecting_.empty()) return answer(std::nullopt);
  arm();
}

bool attempt::take_place(clock::time_point now) {
  if (!place_) place_ = share_->take(to_.text());
  if (!place_ && !connecting_.empty()) {
    const auto oldest = connecting_.front();
    if (now < oldest->started + fair_time) {
      next_at_ = oldest->started + fair_time;
    } else {
      fail(failure::kind::silent, text_of(oldest->to), io_error::timed_out);
      connecting_.pop_front();
      oldest->close();
      place_ = share_->take(to_.text());
    }
  }
  if (place_) {
    leave_waiting();
    return true;
  }
  lacking_ = {failure::kind::crowded, to_.text(), io_error::timed_out};
  if (waiting_) return false;
  waiting_ = share_->wait(on_, to_.text(), [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || !self->done_ || !self->waiting_) return false;
    self->waiting_.reset();
    self->start_next(clock::now());
    return !self->waiting_;
  });
  return false;
}

/// False: it failed at once.
bool attempt::connect(clock::time_point now) {
  const auto& where = addresses_[next_];
  const auto failed = [&](int number) {
    const error_code error(number, boost::system::system_category());
    const auto text = text_of(where);
    place_.reset();
    if (is_resource_exhausted(error) || (number == EAGAIN && !is_unix(where)))
      return try_again(now + resource_exhausted_pause, {failure::kind::resource_exhausted, text, error}),
             true;
    if (number == EAGAIN)
      return try_again(now + queue_full_pause, {failure::kind::queue_full, text, io_error::timed_out}), true;
    fail(failure::kind::connect, text, error);
    ++next_;
    return false;
  };
  int number = 0;
  auto made = connecting_socket::begin(on_, where, number);
  if (!made) return failed(number);
  endpoint from;
  error_code ignored;
  if (!is_unix(where)) from = made->local_endpoint(ignored);
  auto watched = begun_ && !is_unix(where) ? begun_(from, where) : nullptr;
  const auto one = std::make_shared<connecting_socket>(
      connecting_socket{from, where, std::move(*made), std::move(watched), std::move(place_), now});
  place_.reset();
  lacking_.reset();
  connecting_.push_back(one);
  if (++next_ < addresses_.size()) next_at_ = now + between_starts;
  handle_ready(one, {});  // a local connection is established by now
  return true;
}

void attempt::try_again(clock::time_point at, failure why) {
  lacking_ = std::move(why);
  next_at_ = at;
}

void attempt::await(const std::shared_ptr<connecting_socket>& one) {
  one->socket.async_wait(dial::socket::wait_write, [self = shared_from_this(), one](error_code error) {
    if (self->done_ && one->is_open()) self->handle_ready(one, error);
  });
}

void attempt::handle_ready(const std::shared_ptr<connecting_socket>& one, error_code error) {
  endpoint other;
  const auto ended = error ? std::optional(error) : one->result(other);
  if (!ended) return await(one);
  if (!*ended) {
    connecting_.remove(one);
    one->place.reset();
    return answer(connection{std::move(one->socket), one->from, other, std::move(one->watched)});
  }
  fail(failure::kind::connect, text_of(one->to), *ended);
  connecting_.remove(one);
  one->close();
  start_next(clock::now());  // no reason to wait
}

// ---------------------------------------------------------------- time

void attempt::arm() {
  auto next = deadline_;
  if (next_at_) next = std::min(next, *next_at_);
  if (each_ && !connecting_.empty()) next = std::min(next, connecting_.front()->started + *each_);
  // A timer that fires too early is armed again then.
  if (armed_ && *armed_ <= next) return;
  armed_ = next;
  timer_.expires_at(next);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled && self->done_) self->handle_time();
  });
}

void attempt::handle_time() {
  armed_.reset();
  const auto now = clock::now();
  if (now >= deadline_) return end_in_vain();
  bool expired = false;
  while (each_ && !connecting_.empty() && now >= connecting_.front()->started + *each_) {
    const auto oldest = connecting_.front();
    fail(failure::kind::silent, text_of(oldest->to), io_error::timed_out);
    connecting_.pop_front();
    oldest->close();
    expired = true;
  }
  if (expired || (next_at_ && now >= *next_at_)) return start_next(now);
  arm();
}

void attempt::end_in_vain() {
  for (const auto& one : connecting_) fail(failure::kind::silent, text_of(one->to), io_error::timed_out);
  if (lacking_) failures_.push_back(*lacking_);
  answer(std::nullopt);
}

// ---------------------------------------------------------------- the end

void attempt::fail(failure::kind what, std::string where, error_code error) {
  failures_.push_back({what, std::move(where), error});
}

void attempt::stop() {
  timer_.cancel();
  if (const auto asked = std::exchange(lookup_, nullptr)) asked->cancel();
  leave_waiting();
  for (const auto& one : connecting_) one->close();
  connecting_.clear();
  place_.reset();
}

void attempt::leave_waiting() {
  if (const auto which = std::exchange(waiting_, std::nullopt)) share_->leave(to_.text(), *which);
}

std::string attempt::text_of(const endpoint& where) const {
  return is_unix(where) ? to_.path : host_and_port(tcp_of(where).address().to_string(), to_.port);
}

void attempt::answer(std::optional<connection> with) {
  const auto held = shared_from_this();
  const auto done = std::exchange(done_, nullptr);
  stop();
  done(std::move(with), failures_);
}

}  // namespace gof::dial
