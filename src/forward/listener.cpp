#include "forward/listener.hpp"

#include "dial/shortage.hpp"
#include "dial/unix_address.hpp"
#include "dial/unix_probe.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <sys/stat.h>
#include <unistd.h>

namespace gof::forward {
namespace {

using log::level;

namespace io_error = boost::asio::error;
using boost::asio::local::stream_protocol;
using boost::system::error_code;

/// At the edge of a limit it may pause and resume many times a second.
constexpr std::uint32_t most_lines = 2;
constexpr std::chrono::seconds lines_period{10};

std::string why_not(const local_endpoint& at, error_code error) {
  const auto cannot = "cannot listen on " + at.text() + ": ";
  if (error == io_error::address_in_use)
    return cannot + "in use by another program; choose another " +
           (dial::is_abstract(at.path) ? "name" : "path");
  return cannot + error.message();
}

/// Whether the file at `path` is a socket on which nothing listens any more.
bool is_stale(const std::string& path) {
  if (dial::is_abstract(path)) return false;
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
  return dial::probe_unix(path) == io_error::connection_refused;
}

}  // namespace

result<std::shared_ptr<listener>> listener::open(const boost::asio::any_io_executor& on, log::logger& log,
                                                 const local_endpoint& at, const dial::host_names& names) {
  auto made = std::make_shared<listener>(log);
  if (at.is_unix()) {
    if (const auto error = made->bind_unix(on, at.path)) return problem{why_not(at, error)};
    return made;
  }
  auto bound = bind_tcp(on, at, names);
  if (!bound) return bound.error();
  made->text_ = std::move(bound->text);
  for (auto& socket : bound->sockets) made->doors_.emplace_back(std::move(socket));
  return made;
}

listener::door::door(local_acceptor bound) : acceptor(std::move(bound)), pause(acceptor.get_executor()) {
  error_code ignored;
  address = tcp_endpoint(acceptor.local_endpoint(ignored));
}

listener::listener(log::logger& log) : log_(log, most_lines, lines_period) {}

listener::~listener() {
  close();
}

error_code listener::bind_unix(const boost::asio::any_io_executor& on, const std::string& path) {
  local_acceptor socket(on);
  const auto mask = ::umask(0177);  // only the user may connect
  auto error = bind_socket(socket, dial::unix_address(path));
  if (error == io_error::address_in_use && is_stale(path) && ::unlink(path.c_str()) == 0) {
    error_code ignored;
    socket.close(ignored);
    error = bind_socket(socket, dial::unix_address(path));
  }
  ::umask(mask);
  if (error) return error;
  struct stat made {};
  if (!dial::is_abstract(path) && ::lstat(path.c_str(), &made) == 0)
    file_ = made_file{path, made.st_dev, made.st_ino};
  // As the user writes it, so that it can be copied.
  text_ = dial::is_abstract(path) ? "unix:" + path : path;
  doors_.emplace_back(std::move(socket));
  return {};
}

void listener::start(handler taken) {
  taken_ = std::move(taken);
  for (auto& one : doors_) accept(one);
}

void listener::close() {
  taken_ = nullptr;
  error_code ignored;
  for (auto& one : doors_) {
    one.pause.cancel();
    one.acceptor.close(ignored);
  }
  const auto mine = std::exchange(file_, std::nullopt);
  struct stat there {};
  if (!mine || ::lstat(mine->path.c_str(), &there) != 0) return;
  if (there.st_dev == mine->device && there.st_ino == mine->inode) ::unlink(mine->path.c_str());
}

std::vector<boost::asio::ip::tcp::endpoint> listener::endpoints() const {
  std::vector<boost::asio::ip::tcp::endpoint> all;
  for (const auto& one : doors_)
    if (one.address) all.push_back(*one.address);
  return all;
}

void listener::accept(door& at) {
  at.acceptor.async_accept(at.client, [weak = weak_from_this(), &at](error_code error, local_socket socket) {
    const auto self = weak.lock();
    if (!self || !self->taken_) return;
    if (error) return self->handle_accept_failed(at, error);
    if (std::exchange(self->pausing_, false)) self->log_.write(level::info, self->text_ + " accepts again");
    const auto ends = self->ends_of_next(at, socket);
    self->taken_(std::move(socket), ends);
    if (self->taken_) self->accept(at);
  });
}

/// Asks the system only if it listens on more than one address.
std::optional<tcp_ends> listener::ends_of_next(const door& at, const local_socket& socket) const {
  if (!at.address) return std::nullopt;
  if (!at.address->address().is_unspecified()) return tcp_ends{*at.address, *tcp_endpoint(at.client)};
  error_code gone;
  const auto local = socket.local_endpoint(gone);
  return gone ? std::nullopt : ends_of(local, at.client);
}

void listener::handle_accept_failed(door& at, error_code error) {
  // A client that left early is no reason to pause; any other error may repeat at once.
  if (error == io_error::connection_aborted) return accept(at);
  if (!std::exchange(pausing_, true))
    log_.write(level::warning, text_ + " accepts nothing for now: " + error.message() +
                                   (dial::is_shortage(error) ? "; it goes on as soon as there is room" : ""));
  at.pause.expires_after(dial::shortage_pause);
  at.pause.async_wait([weak = weak_from_this(), &at](error_code cancelled) {
    const auto self = weak.lock();
    if (self && !cancelled && self->taken_) self->accept(at);
  });
}

}  // namespace gof::forward
