#include "net/link_socket.hpp"

#include "net/node_service.hpp"
#include "net/tcp_path.hpp"

#include <boost/asio/buffer.hpp>

namespace gof::net {
namespace {

/// How long a link that is over may take to write its last bytes.
constexpr std::chrono::seconds goodbye_limit{1};

/// The rate that TCP measured when the socket was last full is out of date after this time.
constexpr std::chrono::seconds rate_is_good_for{2};
/// Asking TCP for it is a system call, and it changes no faster than round trips pass.
constexpr std::chrono::milliseconds between_measures{10};
/// Writes per link and turn, so that a fast link does not hold up the others.
constexpr int most_writes_a_turn = 4;

bool would_block(const error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again ||
         error == boost::asio::error::interrupted;
}

}  // namespace

link_socket::link_socket(std::shared_ptr<detail::node_service> owner, link_id id, tcp_socket socket)
    : owner_(std::move(owner)),
      id_(id),
      socket_(std::move(socket)),
      limit_(socket_.get_executor()),
      unsent_(socket_.native_handle()) {
  error_code gone;
  const auto where = socket_.remote_endpoint(gone);
  if (!gone) remote_ = text_of(where);
}

void link_socket::start() {
  wait_read();
}

void link_socket::wait_read() {
  socket_.async_wait(tcp_socket::wait_read,
                     [self = shared_from_this()](error_code error) { self->handle_readable(error); });
}

void link_socket::handle_readable(error_code error) {
  if (phase_ == phase::closed) return;
  const auto into = owner_->running_on().read_buffer();
  std::size_t size = 0;
  if (!error) size = socket_.read_some(boost::asio::buffer(into.data(), into.size()), error);
  if (error && !would_block(error)) {
    // The other side may have closed its sending direction only, and still wait for what is to be written.
    if (phase_ != phase::finishing || error != boost::asio::error::eof) return fail(error);
    patient_ = false;
    return;
  }
  if (unsent_.is_low()) measure(clock_now());
  if (size > 0 && phase_ == phase::open) owner_->sockets().handle_bytes(id_, into.first(size));
  wait_read();
}

void link_socket::handle_writable(error_code error) {
  waiting_ = false;
  if (phase_ == phase::closed) return;
  if (error) return fail(error);
  if (phase_ == phase::finishing) return flush(clock_now());
  // Not flushed here: polling the core may produce events, and only the loop's pump handles those.
  owner_->sockets().handle_writable(id_);
}

bool link_socket::write_some(error_code& error) {
  const auto rest = const_bytes(out_).subspan(written_);
  written_ += socket_.write_some(boost::asio::buffer(rest.data(), rest.size()), error);
  return written_ == out_.size();
}

void link_socket::flush(instant now) {
  if (waiting_ || phase_ == phase::draining || phase_ == phase::closed) return;
  if (unsent_.is_low()) measure(now);
  for (int portion = 0; portion < most_writes_a_turn;) {
    if (written_ == out_.size()) {
      if (unsent_.is_full()) return wait_writable(now);
      written_ = 0;
      out_ = owner_->sockets().output(now, id_);
      if (out_.empty()) return phase_ == phase::finishing ? drain() : void();
      ++portion;
    }
    error_code error;
    if (write_some(error)) continue;
    if (error && !would_block(error)) return fail(error);
    return wait_writable(now);
  }
  owner_->sockets().handle_writable(id_);
}

void link_socket::wait_writable(instant now) {
  waiting_ = true;
  if (now - std::exchange(full_at_, now) > rate_is_good_for)
    forget_rate(socket_);
  else
    measure(now);
  socket_.async_wait(tcp_socket::wait_write,
                     [self = shared_from_this()](error_code error) { self->handle_writable(error); });
}

/// Begins when the socket is full: what TCP knows of the path's rate is true only if more was to be sent than
/// the path takes.
void link_socket::measure(instant now) {
  if (now - measured_at_ < between_measures) return;
  measured_at_ = now;
  if (const auto path = tcp_path(socket_.native_handle()))
    unsent_.handle_limit(owner_->sockets().handle_path(id_, *path));
}

void link_socket::hurry() {
  if (hurried_) return;
  hurried_ = true;
  limit_.expires_after(goodbye_limit);
  limit_.async_wait([self = shared_from_this()](error_code error) {
    if (!error && self->phase_ != phase::closed) self->fail(boost::asio::error::timed_out);
  });
}

void link_socket::finish(instant now, bool patience) {
  if (phase_ == phase::closed) return owner_->sockets().handle_finished();
  patient_ = patience;
  phase_ = phase::finishing;
  hurry();
  flush(now);
}

void link_socket::abort() {
  if (phase_ == phase::closed) return owner_->sockets().handle_finished();
  error_code ignored;
  socket_.set_option(boost::asio::socket_base::linger(true, 0), ignored);
  close();
}

void link_socket::drain() {
  phase_ = phase::draining;
  error_code ignored;
  socket_.shutdown(tcp_socket::shutdown_send, ignored);
  if (!patient_) close();
}

void link_socket::fail(error_code error) {
  if (phase_ != phase::open) return close();
  phase_ = phase::closed;
  error_code ignored;
  socket_.close(ignored);
  limit_.cancel();
  owner_->sockets().handle_failed(id_, error == boost::asio::error::eof ? std::string() : error.message());
}

void link_socket::close() {
  if (phase_ == phase::closed) return;
  phase_ = phase::closed;
  error_code ignored;
  socket_.close(ignored);
  limit_.cancel();
  owner_->sockets().handle_finished();
}

}  // namespace gof::net
