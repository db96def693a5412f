#include "control/server.hpp"

#include "control/line.hpp"
#include "dial/unix_probe.hpp"
#include "log/json_text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <istream>
#include <sys/stat.h>
#include <utility>

namespace gof::control {

namespace fs = std::filesystem;
using boost::system::error_code;

namespace {

/// Clients that wait to be accepted: a burst of shells and monitors.
constexpr int backlog = 128;
/// The pause when out of descriptors: long enough not to spin.
constexpr std::chrono::milliseconds out_of_descriptors_pause{100};

}  // namespace

/// One connected program; its requests are answered one after another.
class server::client : public std::enable_shared_from_this<client> {
 public:
  client(server& at, protocol::socket socket) : server_(&at), socket_(std::move(socket)), in_(longest_line) {}

  /// Whether its request is still being answered.
  bool waits() const { return waits_; }

  void read() {
    boost::asio::async_read_until(socket_, in_, '\n',
                                  [self = shared_from_this()](error_code error, std::size_t) {
                                    if (!self->server_) return;
                                    if (error) return self->end();
                                    self->handle_line();
                                  });
  }
  void disown() {
    server_ = nullptr;
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  void handle_line() {
    std::istream from(&in_);
    std::string line;
    std::getline(from, line);
    server_->stir(shared_from_this());
    const auto request = read_request(line);
    if (!request) return write(log::json_text({{"version", 1}, {"error", request.error().what}}));
    waits_ = true;
    server_->answer_(request->what, request->whole, [weak = weak_from_this()](std::string answer) {
      if (const auto self = weak.lock()) self->write(std::move(answer));
    });
  }
  void write(std::string answer) {
    waits_ = false;
    if (!server_) return;
    out_ = std::move(answer);
    const std::array<boost::asio::const_buffer, 2> both{boost::asio::buffer(out_),
                                                        boost::asio::buffer("\n", 1)};
    boost::asio::async_write(socket_, both, [self = shared_from_this()](error_code error, std::size_t) {
      if (!self->server_) return;
      if (error) return self->end();
      self->out_ = {};  // megabytes, of a large mesh
      self->read();
    });
  }
  void end() {
    if (server_) server_->leave(shared_from_this());
  }

  server* server_;
  protocol::socket socket_;
  boost::asio::streambuf in_;
  std::string out_;
  bool waits_ = false;
};

server::server(const boost::asio::any_io_executor& on, fs::path at, handler answer)
    : path_(std::move(at)), answer_(std::move(answer)), acceptor_(on), pause_(on) {}

server::~server() {
  for (const auto& one : clients_) one->disown();
  std::error_code ignored;
  if (acceptor_.is_open()) fs::remove(path_, ignored);
}

result<std::unique_ptr<server>> server::open(const boost::asio::any_io_executor& on, const fs::path& at,
                                             handler answer) {
  const auto wrong = [&](const std::string& why) {
    return problem{"control socket " + at.string() + ": " + why};
  };
  if (at.native().size() >= 108) return wrong("the path is longer than a socket's may be (107)");
  std::error_code failed;
  if (at.has_parent_path() && fs::create_directories(at.parent_path(), failed))
    fs::permissions(at.parent_path(), fs::perms::owner_all, failed);
  if (failed) return wrong(failed.message());
  auto made = std::unique_ptr<server>(new server(on, at, std::move(answer)));
  error_code error;
  const protocol::endpoint where(at.string());
  made->acceptor_.open(where.protocol(), error);
  if (fs::is_socket(at, failed)) {  // of a killed process: nothing listens there
    if (!dial::probe_unix(at.string())) return wrong("another process listens there");
    fs::remove(at, failed);
  }
  // Other users must not be able to connect, not even for a moment.
  const auto before = ::umask(0177);
  made->acceptor_.bind(where, error);
  ::umask(before);
  if (error) {
    made->acceptor_.close();
    return wrong(error.message());
  }
  made->acceptor_.listen(backlog, error);
  if (error) return wrong(error.message());
  made->accept();
  return made;
}

void server::accept() {
  acceptor_.async_accept([weak = std::weak_ptr(here_)](error_code error, protocol::socket socket) {
    const auto here = weak.lock();
    if (!here || error == boost::asio::error::operation_aborted) return;
    if (error) return (*here)->rest();
    (*here)->take(std::move(socket));
    (*here)->accept();
  });
}

void server::take(protocol::socket socket) {
  if (clients_.size() >= most_clients) make_room();
  clients_.push_back(std::make_shared<client>(*this, std::move(socket)));
  clients_.back()->read();
}

void server::rest() {
  pause_.expires_after(out_of_descriptors_pause);
  pause_.async_wait([weak = std::weak_ptr(here_)](error_code cancelled) {
    const auto here = weak.lock();
    if (here && !cancelled) (*here)->accept();
  });
}

void server::make_room() {
  auto last = std::find_if(clients_.begin(), clients_.end(), [](const auto& one) { return !one->waits(); });
  if (last == clients_.end()) last = clients_.begin();
  (*last)->disown();
  clients_.erase(last);
}

void server::stir(const std::shared_ptr<client>& who) {
  const auto at = std::find(clients_.begin(), clients_.end(), who);
  if (at != clients_.end()) clients_.splice(clients_.end(), clients_, at);
}

void server::leave(const std::shared_ptr<client>& who) {
  clients_.remove(who);
}

}  // namespace gof::control
