#include "forward/listener.hpp"

#include "dial/shortage.hpp"
#include "dial/unix_probe.hpp"
#include "forward/words.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <sys/stat.h>
#include <unistd.h>

namespace gof::forward {
namespace {

namespace io_error = boost::asio::error;
using boost::asio::ip::tcp;
using boost::asio::local::stream_protocol;
using boost::system::error_code;

constexpr int backlog = 4096;  // a burst of clients; the kernel cuts it to its own limit
/// At the edge of a limit it pauses and goes on many times a second.
constexpr std::size_t most_lines = 2;
constexpr std::chrono::seconds lines_period{10};

std::string why_not(const local_endpoint& at, error_code error) {
  const auto cannot = "cannot listen on " + at.text() + ": ";
  if (error == io_error::address_in_use)
    return cannot + "in use by another program; choose another " +
           (at.is_unix() ? "path" : "port, or 0 for any");
  if (error == io_error::access_denied && !at.is_unix())
    return cannot + "ports below 1024 are privileged; choose one above";
  if (error == boost::system::errc::address_not_available) return cannot + "this machine has no such address";
  return cannot + error.message();
}

/// Whether the file at `path` is a socket that nobody listens on any more.
bool is_stale(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
  return dial::probe_unix(path) == io_error::connection_refused;
}

}  // namespace

result<std::shared_ptr<listener>> listener::open(const boost::asio::any_io_executor& on, journal& log,
                                                 const local_endpoint& at, const dial::host_names& names) {
  auto made = std::make_shared<listener>(on, log);
  if (const auto error = at.is_unix() ? made->bind_unix(at.path) : made->bind_tcp(at, names))
    return problem{why_not(at, error)};
  return made;
}

listener::listener(const boost::asio::any_io_executor& on, journal& log)
    : log_(log, most_lines, lines_period), acceptor_(on), pause_(on) {}

listener::~listener() {
  close();
}

error_code listener::bind(const protocol::endpoint& at) {
  error_code error;
  acceptor_.open(at.protocol(), error);
  if (!error && at.protocol().family() != AF_UNIX)
    acceptor_.set_option(boost::asio::socket_base::reuse_address(true), error);
  // Before a connection is there: of two urgent bytes the first would be lost.
  if (!error) acceptor_.set_option(boost::asio::socket_base::out_of_band_inline(true), error);
  if (!error) acceptor_.bind(at, error);
  if (!error) acceptor_.listen(backlog, error);
  if (!error) acceptor_.non_blocking(true, error);
  return error;
}

error_code listener::bind_tcp(const local_endpoint& at, const dial::host_names& names) {
  error_code error;
  tcp::endpoint where(tcp::v4(), at.port);
  if (at.bind == "localhost") {
    where.address(boost::asio::ip::address_v4::loopback());
  } else if (at.bind != local_endpoint::every_address) {
    const auto found = names.addresses(at.bind);
    if (found.empty()) return io_error::host_not_found;
    where.address(found.front());
  }
  error = bind(where);
  if (error) return error;
  const auto name = acceptor_.local_endpoint(error);
  // A generic endpoint holds the same sockaddr as the one it came from.
  tcp::endpoint real;
  std::memcpy(real.data(), name.data(), std::min(name.size(), real.capacity()));
  text_ = address_text(at.bind == local_endpoint::every_address ? at.bind : where.address().to_string(),
                       real.port());
  return error;
}

error_code listener::bind_unix(const std::string& path) {
  const auto mask = ::umask(0177);  // for the user alone
  auto error = bind(stream_protocol::endpoint(path));
  if (error == io_error::address_in_use && is_stale(path) && ::unlink(path.c_str()) == 0) {
    error_code ignored;
    acceptor_.close(ignored);
    error = bind(stream_protocol::endpoint(path));
  }
  ::umask(mask);
  struct stat made {};
  if (!error && ::lstat(path.c_str(), &made) == 0) file_ = made_file{path, made.st_dev, made.st_ino};
  text_ = path;
  return error;
}

void listener::start(handler taken) {
  taken_ = std::move(taken);
  accept();
}

void listener::close() {
  taken_ = nullptr;
  pause_.cancel();
  error_code ignored;
  acceptor_.close(ignored);
  const auto mine = std::exchange(file_, std::nullopt);
  struct stat there {};
  if (!mine || ::lstat(mine->path.c_str(), &there) != 0) return;
  if (there.st_dev == mine->device && there.st_ino == mine->inode) ::unlink(mine->path.c_str());
}

void listener::accept() {
  acceptor_.async_accept([weak = weak_from_this()](error_code error, local_socket socket) {
    const auto self = weak.lock();
    if (!self || !self->taken_) return;
    if (error) return self->handle_accept_failed(error);
    if (std::exchange(self->pausing_, false)) self->log_.write(level::note, self->text_ + " accepts again");
    self->taken_(std::move(socket));
    if (self->taken_) self->accept();
  });
}

void listener::handle_accept_failed(error_code error) {
  // A client that left before its turn is no reason to wait; anything else may come again at once.
  if (error == io_error::connection_aborted) return accept();
  if (!std::exchange(pausing_, true))
    log_.write(level::warning, text_ + " accepts nothing for now: " + error.message() +
                                   (dial::is_shortage(error) ? "; it goes on as soon as there is room" : ""));
  pause_.expires_after(dial::shortage_pause);
  pause_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (self && !cancelled && self->taken_) self->accept();
  });
}

}  // namespace gof::forward
