#include "forward/socket_watch.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <sys/epoll.h>

namespace gof::forward {
namespace {

using boost::system::error_code;

/// The most events taken at once.
constexpr std::size_t batch = 64;

error_code last_error() {
  return {errno, boost::system::system_category()};
}

int make_epoll() {
  const int made = ::epoll_create1(EPOLL_CLOEXEC);
  if (made < 0) throw boost::system::system_error(last_error(), "no descriptor to watch connections by");
  return made;
}

}  // namespace

struct socket_watch::watched {
  std::uint64_t number;
  int socket;  ///< -1: no longer watched
  bool tcp;
  handler gone;
  silence heard{};
  bool listed = false;
};

socket_watch::registration& socket_watch::registration::operator=(registration&& other) noexcept {
  std::swap(in_, other.in_);
  std::swap(what_, other.what_);
  return *this;
}

socket_watch::registration::~registration() {
  if (const auto in = in_.lock(); in && what_) in->remove(*what_);
}

void socket_watch::registration::wrote() {
  if (!what_ || what_->listed || !what_->tcp) return;
  if (const auto in = in_.lock()) in->list(what_);
}

socket_watch::socket_watch(const boost::asio::any_io_executor& on, const keep_alive& alive)
    : alive_(alive), errors_(on, make_epoll()), timer_(on) {}

socket_watch::registration socket_watch::add(local_socket& socket, handler gone) {
  alive_.apply(socket);
  auto made = std::make_shared<watched>(watched{
      .number = next_++, .socket = socket.native_handle(), .tcp = is_tcp(socket), .gone = std::move(gone)});
  // No events are requested: errors and hang-ups are always reported, and here once each. A hang-up without
  // an error is ignored.
  epoll_event what{.events = EPOLLET, .data = {.u64 = made->number}};
  all_.emplace(made->number, made);
  if (::epoll_ctl(errors_.native_handle(), EPOLL_CTL_ADD, made->socket, &what) != 0)
    boost::asio::post(errors_.get_executor(),
                      [self = shared_from_this(), made, why = last_error()] { self->tell(*made, why); });
  if (all_.size() == 1) wait();
  return {weak_from_this(), std::move(made)};
}

void socket_watch::remove(watched& what) {
  if (what.socket < 0) return;
  ::epoll_ctl(errors_.native_handle(), EPOLL_CTL_DEL, what.socket, nullptr);
  what.socket = -1;
  what.gone = nullptr;
  all_.erase(what.number);
  if (!all_.empty()) return;
  // Without a connection nothing may be pending, or it would keep the io_context running.
  ++round_;
  error_code ignored;
  errors_.cancel(ignored);
  out_.clear();
  timer_.cancel();
}

void socket_watch::tell(watched& what, error_code error) {
  const auto gone = std::exchange(what.gone, nullptr);
  remove(what);
  if (gone) gone(error);
}

// ---------------------------------------------------------------- resets

void socket_watch::wait() {
  errors_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [weak = weak_from_this(), round = ++round_](error_code error) {
                       const auto self = weak.lock();
                       if (!self || error || round != self->round_) return;
                       self->take_events();
                       if (round == self->round_) self->wait();
                     });
}

/// Events beyond the batch are reported by the next wait.
void socket_watch::take_events() {
  std::array<epoll_event, batch> events{};
  const int count = ::epoll_wait(errors_.native_handle(), events.data(), batch, 0);
  for (int i = 0; i < count; ++i) {
    const auto found = all_.find(events[static_cast<std::size_t>(i)].data.u64);
    if (found == all_.end()) continue;
    const auto what = found->second;
    if (const auto error = take_error(what->socket)) tell(*what, error);
  }
}

// ---------------------------------------------------------------- machines that vanish

void socket_watch::list(const std::shared_ptr<watched>& what) {
  if (!alive_.is_on()) return;
  what->listed = true;
  out_.push_back(what);
  if (out_.size() > 1) return;
  timer_.expires_after(alive_.interval);
  timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (self && !cancelled) self->look();
  });
}

void socket_watch::look() {
  const auto now = std::chrono::steady_clock::now();
  for (const auto& one : std::exchange(out_, {})) {
    one->listed = false;
    if (one->socket < 0) continue;
    switch (one->heard.look(one->socket, now, alive_.limit())) {
      case silence::outgoing::taken: break;
      case silence::outgoing::out: list(one); break;
      case silence::outgoing::lost: tell(*one, boost::asio::error::timed_out); break;
    }
  }
}

}  // namespace gof::forward
