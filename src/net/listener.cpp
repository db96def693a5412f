#include "net/listener.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include <algorithm>
#include <fcntl.h>

namespace gof::net {
namespace {

/// Long enough to cause no noticeable load, short enough that a connecting client does not notice.
constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{1000};

}  // namespace

listener::listener(boost::asio::io_context& io, handler take)
    : acceptor_(io), pause_(io), take_(std::move(take)), next_pause_(first_pause) {}

void listener::open(const tcp::endpoint& at, error_code& error) {
  acceptor_.open(at.protocol(), error);
  if (error) return;
  ::fcntl(acceptor_.native_handle(), F_SETFD, FD_CLOEXEC);
  // Lets a restarted node take its port again while old connections are still in TIME-WAIT.
  acceptor_.set_option(boost::asio::socket_base::reuse_address(true), error);
  if (!error && at.address().is_v6()) acceptor_.set_option(boost::asio::ip::v6_only(true), error);
  if (!error) acceptor_.bind(at, error);
  if (!error) acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (!error) return;
  error_code ignored;
  acceptor_.close(ignored);
}

tcp::endpoint listener::where() const {
  error_code ignored;
  return acceptor_.local_endpoint(ignored);
}

void listener::start() {
  accept();
}

void listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  take_ = nullptr;
}

void listener::accept() {
  acceptor_.async_accept([self = shared_from_this()](error_code error, tcp_socket socket) {
    self->handle_accept(error, std::move(socket));
  });
}

void listener::handle_accept(error_code error, tcp_socket socket) {
  if (!take_) return;
  if (!error) {
    next_pause_ = first_pause;
    prepare_link(socket);
    take_(std::move(socket));
    if (take_) accept();
    return;
  }
  ++failures_;
  // The client disconnected before it was accepted: the system is not short of anything.
  if (error == boost::asio::error::connection_aborted) return accept();
  pause_.expires_after(next_pause_);
  next_pause_ = std::min(next_pause_ * 2, longest_pause);
  pause_.async_wait([self = shared_from_this()](error_code stopped) {
    if (!stopped && self->take_) self->accept();
  });
}

}  // namespace gof::net
