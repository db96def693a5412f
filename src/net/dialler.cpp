#include "net/dialler.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

namespace gof::net {
namespace {

/// RFC 8305's delay between starts: a dead address costs no more than this.
constexpr std::chrono::milliseconds between_starts{250};
/// What one address may take: two lost SYNs, and no longer than a link's own set-up.
constexpr std::chrono::seconds connect_limit{3};
/// More addresses than this behind one name say nothing new.
constexpr std::size_t most_candidates = 8;

}  // namespace

struct dialler::attempt {
  attempt(boost::asio::io_context& io, const tcp::endpoint& where) : to(where), socket(io), limit(io) {}
  tcp::endpoint to;
  tcp_socket socket;
  loop_timer limit;
  bool expired = false;
};

dialler::dialler(boost::asio::io_context& io, wire::address to, handler done)
    : io_(io), to_(std::move(to)), done_(std::move(done)), resolver_(io), stagger_(io) {}

void dialler::start() {
  error_code not_literal;
  const auto address = boost::asio::ip::make_address(to_.host, not_literal);
  if (!not_literal) {
    candidates_.emplace_back(address, to_.port);
    boost::asio::post(io_, [self = shared_from_this()] { self->try_next(); });
    return;
  }
  resolver_.async_resolve(to_.host, std::to_string(to_.port), resolver::numeric_service,
                          [self = shared_from_this()](error_code error, const auto& results) {
                            self->handle_resolved(error, results);
                          });
}

void dialler::cancel() {
  done_ = nullptr;
  resolver_.cancel();
  stagger_.cancel();
  for (const auto& one : running_) {
    error_code ignored;
    one->socket.close(ignored);
    one->limit.cancel();
  }
  running_.clear();
}

void dialler::handle_resolved(error_code error, const resolver::results_type& results) {
  if (!done_) return;
  if (error) {
    fail(to_.text(), error.message());
    return finish(std::nullopt);
  }
  for (const auto& result : results)
    if (candidates_.size() < most_candidates) candidates_.push_back(result.endpoint());
  try_next();
}

void dialler::try_next() {
  if (!done_ || next_ == candidates_.size()) return;
  const auto one = std::make_shared<attempt>(io_, candidates_[next_++]);
  running_.push_back(one);
  one->socket.async_connect(
      one->to, [self = shared_from_this(), one](error_code error) { self->handle_connect(one, error); });
  one->limit.expires_after(connect_limit);
  one->limit.async_wait([one](error_code error) {
    if (error) return;
    one->expired = true;
    error_code ignored;
    one->socket.close(ignored);
  });
  if (next_ == candidates_.size()) return;
  stagger_.expires_after(between_starts);
  stagger_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->try_next();
  });
}

void dialler::handle_connect(const std::shared_ptr<attempt>& which, error_code error) {
  which->limit.cancel();
  if (!done_) return;
  running_.remove(which);
  // The limit may have closed the socket after it connected and before this ran.
  if (!error && which->socket.is_open()) return finish(std::move(which->socket));
  if (which->expired || !error) error = boost::asio::error::timed_out;
  fail(text_of(which->to), error.message());
  if (next_ < candidates_.size()) {
    stagger_.cancel();
    try_next();
  } else if (running_.empty()) {
    finish(std::nullopt);
  }
}

void dialler::fail(const std::string& where, const std::string& words) {
  why_ += (why_.empty() ? "" : "; ") + where + ": " + words;
}

void dialler::finish(std::optional<tcp_socket> socket) {
  const auto done = std::move(done_);
  cancel();
  if (socket) prepare_link(*socket);
  done(std::move(socket), why_);
}

}  // namespace gof::net
