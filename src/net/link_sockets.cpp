#include "net/link_sockets.hpp"

#include "net/clock.hpp"
#include "net/node_service.hpp"

#include <utility>

namespace gof::net {
namespace {

/// The most sockets that wait for the other side to close first; any more close at once.
constexpr std::size_t most_patient = 64;

/// A read of this size or more is bulk data: what it brings takes longer to pass on than a write takes.
constexpr std::size_t bulk = 32 * 1024;

}  // namespace

void link_sockets::add(link_id link, tcp_socket socket, bool dialled) {
  const auto made = std::make_shared<link_socket>(of_.shared_from_this(), link, std::move(socket));
  links_[link] = {made, dialled, false, {}, {}};
  made->start();
  of_.touch();
}

void link_sockets::take(tcp_socket socket) {
  error_code gone;
  const auto from = socket.remote_endpoint(gone);
  if (gone) return;
  if (const auto link = of_.core().accept_link(clock_now(), source_of(from.address())))
    add(*link, std::move(socket), false);
}

tcp::endpoint link_sockets::listen(const tcp::endpoint& at, error_code& error) {
  const auto made =
      std::make_shared<listener>(of_.io(), [this, weak = of_.weak_from_this()](tcp_socket socket) {
        if (const auto node = weak.lock(); node && !node->is_closed()) take(std::move(socket));
      });
  made->open(at, error);
  if (error) return {};
  listeners_.push_back(made);
  made->start();
  return made->where();
}

void link_sockets::dial(const core::dial_wanted& wanted) {
  const auto answer = [this, weak = of_.weak_from_this(), link = wanted.link](
                          std::optional<tcp_socket> socket, const std::string& why) {
    const auto node = weak.lock();
    if (!node || node->is_closed()) return;
    dials_.erase(link);
    if (!socket) {
      node->core().handle_dial_failed(clock_now(), link, why);
      return node->touch();
    }
    node->core().handle_connected(clock_now(), link);
    add(link, std::move(*socket), true);
  };
  dials_[wanted.link] = dial_link(of_.io(), wanted.to, connect_timeout_, answer);
}

link_sockets::entry* link_sockets::find(link_id link) {
  const auto found = links_.find(link);
  return found == links_.end() ? nullptr : &found->second;
}

void link_sockets::resume() {
  for (const auto link : std::exchange(resumed_, {})) of_.core().handle_writable(link);
}

void link_sockets::forget_failed() {
  for (const auto link : std::exchange(failed_, {})) links_.erase(link);
}

void link_sockets::flush(instant now, link_id link) {
  if (const auto* its = find(link)) its->socket->flush(now);
}

void link_sockets::end(instant now, link_id link, bool abort) {
  if (const auto dial = dials_.extract(link)) dial.mapped()->cancel();
  const auto ended = links_.extract(link);
  if (!ended) return;
  ++ending_;
  if (abort) return ended.mapped().socket->abort();
  ended.mapped().socket->finish(now, ending_ <= most_patient);
}

void link_sockets::close(instant now) {
  // Counts this call as well: the core must exist until the last link has written what it has.
  ++ending_;
  for (const auto& one : listeners_) one->close();
  listeners_.clear();
  for (const auto& [link, dial] : dials_) dial->cancel();
  dials_.clear();
  while (!links_.empty()) end(now, links_.begin()->first);
  --ending_;
}

// ---------------------------------------------------------------- the socket of a link

buffer link_sockets::output(instant now, link_id link) {
  return of_.has_core() ? of_.core().poll_transmit(now, link) : buffer();
}

void link_sockets::handle_bytes(link_id link, mutable_bytes data) {
  if (data.size() >= bulk) of_.running_on().expect_bulk();
  of_.core().handle_bytes(clock_now(), link, data);
  of_.touch();
}

std::size_t link_sockets::handle_path(link_id link, const core::output_limit::path& now) {
  return of_.has_core() ? of_.core().handle_link_path(link, now) : core::output_limit::most;
}

void link_sockets::handle_writable(link_id link) {
  resumed_.push_back(link);
  of_.touch();
}

void link_sockets::handle_failed(link_id link, const std::string& why) {
  if (of_.is_closed()) return;
  failed_.push_back(link);
  of_.core().handle_closed(clock_now(), link, why);
  of_.touch();
}

void link_sockets::handle_finished() {
  --ending_;
  of_.handle_link_finished();
}

}  // namespace gof::net
