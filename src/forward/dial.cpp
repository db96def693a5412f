#include "forward/dial.hpp"

#include "forward/shortage.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>

namespace gof::forward {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

/// Addresses of one name that are tried; a name with more is somebody's joke.
constexpr std::size_t most_addresses = 16;
/// A unix socket whose queue is full says so at once; after this it is asked again.
constexpr std::chrono::milliseconds queue_full_pause{50};

}  // namespace

std::shared_ptr<dial> dial::start(const boost::asio::any_io_executor& on, const target& to,
                                  std::chrono::milliseconds limit, handler done) {
  auto made = std::make_shared<dial>(on, std::move(done));
  // Never answers before it has returned.
  boost::asio::post(on, [made, to, limit] {
    if (made->done_) made->begin(to, limit);
  });
  return made;
}

dial::dial(const boost::asio::any_io_executor& on, handler done)
    : on_(on), done_(std::move(done)), resolver_(on), timer_(on), socket_(on) {}

void dial::cancel() {
  done_ = nullptr;
  resolver_.cancel();
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
}

void dial::begin(const target& to, std::chrono::milliseconds limit) {
  deadline_ = clock::now() + limit;
  if (to.is_unix()) {
    addresses_.push_back(boost::asio::local::stream_protocol::endpoint(to.path));
    return try_next();
  }
  error_code not_numeric;
  const auto address = ip::make_address(to.host, not_numeric);
  if (!not_numeric) {
    addresses_.push_back(ip::tcp::endpoint(address, to.port));
    return try_next();
  }
  if (to.host == "localhost") {  // what it means must not depend on who wrote /etc/hosts
    addresses_.push_back(ip::tcp::endpoint(ip::address_v6::loopback(), to.port));
    addresses_.push_back(ip::tcp::endpoint(ip::address_v4::loopback(), to.port));
    return try_next();
  }
  resolve(to);
}

void dial::resolve(const target& to) {
  wait(deadline_);
  resolver_.async_resolve(
      to.host, std::to_string(to.port), ip::resolver_base::numeric_service,
      [self = shared_from_this()](error_code error, const ip::tcp::resolver::results_type& found) {
        if (!self->done_) return;
        if (error || found.empty()) {
          self->failure_ = dial_failure::of_name(error);
          return self->answer(std::nullopt);
        }
        for (const auto& entry : found)
          if (self->addresses_.size() < most_addresses) self->addresses_.push_back(entry.endpoint());
        self->try_next();
      });
}

void dial::try_next() {
  if (next_ == addresses_.size()) return answer(std::nullopt);
  const auto now = clock::now();
  const auto left = static_cast<long>(addresses_.size() - next_);
  error_code error;
  socket_.close(error);
  socket_.open(addresses_[next_].protocol(), error);
  if (is_shortage(error)) return try_again_after(shortage_pause, {errc::busy, error.message()});
  if (error) return handle_failed(dial_failure::of_connect(error));
  connecting_ = true;
  wait(now + (deadline_ - now) / left);  // so that a silent first address leaves time for the others
  socket_.async_connect(addresses_[next_], [self = shared_from_this()](error_code failed) {
    if (self->done_ && self->connecting_) self->handle_connected(failed);
  });
}

void dial::wait(clock::time_point until) {
  timer_.expires_at(until);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled && self->done_) self->handle_time();
  });
}

void dial::handle_connected(error_code error) {
  connecting_ = false;
  if (error) return handle_failed(dial_failure::of_connect(error));
  socket_.remote_endpoint(error);
  if (!error) return answer(std::move(socket_));
  // Asio takes a full queue of a unix socket for a connection under way, and then for one that stands.
  if (addresses_[next_].protocol().family() != AF_UNIX) return handle_failed(dial_failure::of_connect(error));
  try_again_after(queue_full_pause, {errc::target_timeout, "its queue of connections is full"});
}

/// The same address once more, or `why` when there is no time for it.
void dial::try_again_after(std::chrono::milliseconds pause, const dial_failure& why) {
  if (clock::now() + pause <= deadline_) return wait(clock::now() + pause);
  failure_ = why;
  answer(std::nullopt);
}

void dial::handle_time() {
  if (connecting_) {
    connecting_ = false;
    return handle_failed({errc::target_timeout, "no answer"});
  }
  if (!addresses_.empty()) return try_next();  // a pause is over
  failure_ = dial_failure{errc::target_unknown, "the resolver did not answer"};
  answer(std::nullopt);
}

void dial::handle_failed(const dial_failure& failure) {
  failure_ = failure_ ? dial_failure::better(*failure_, failure) : failure;
  ++next_;
  try_next();
}

void dial::answer(std::optional<local_socket> socket) {
  const auto done = std::exchange(done_, nullptr);
  timer_.cancel();
  resolver_.cancel();
  done(std::move(socket), failure_.value_or(dial_failure{}));
}

}  // namespace gof::forward
