// Two streams of ping-pong between two peers without a link to each other, through a third one. All three are
// nodes of this process; on three machines each would be a program of its own, with the same calls.
//
//     streamer [ROUNDS]
#include <gof/acceptor.hpp>
#include <gof/node.hpp>
#include <gof/stream.hpp>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t ball_bytes = 1000;  // about as many as fit into one packet
constexpr int streams = 2;
constexpr std::chrono::seconds patience{30};

void stop_if(const error_code& error, const char* what) {
  if (!error) return;
  std::cerr << what << ": " << error.message() << '\n';
  std::exit(1);
}

/// The peer that is called: it sends back what arrives.
class returner : public std::enable_shared_from_this<returner> {
 public:
  explicit returner(gof::stream&& with) : with_(std::move(with)), ball_(ball_bytes, ' ') {}

  void play() {
    asio::async_read(with_, asio::buffer(ball_), [self = shared_from_this()](error_code error, std::size_t) {
      if (error == asio::error::eof) return self->with_.close();
      stop_if(error, "the returner lost its ball");
      asio::async_write(self->with_, asio::buffer(self->ball_), [self](error_code failed, std::size_t) {
        stop_if(failed, "the ball could not be returned");
        self->play();
      });
    });
  }

 private:
  gof::stream with_;
  std::string ball_;
};

void accept(gof::acceptor& from, const gof::grant& granted) {
  from.async_accept([&](error_code error, gof::incoming asked) {
    if (error) return;
    if (asked.is_probe() || !asked.proves(granted.token))
      asked.refuse(gof::errc::not_allowed);
    else
      std::make_shared<returner>(asked.accept())->play();
    accept(from, granted);
  });
}

/// The peer that calls: it sends balls, and counts those that return unchanged.
class server {
 public:
  server(gof::node& on, char letter, int rounds, std::function<void()> done)
      : with_(on), sent_(ball_bytes, letter), back_(ball_bytes, ' '), left_(rounds), done_(std::move(done)) {}

  void start(const gof::endpoint& to) {
    with_.async_connect(to, [this](error_code error) {
      stop_if(error, "no connection");
      play();
    });
  }

 private:
  void play() {
    asio::async_write(with_, asio::buffer(sent_), [this](error_code error, std::size_t) {
      stop_if(error, "the ball could not be served");
      asio::async_read(with_, asio::buffer(back_), [this](error_code failed, std::size_t) {
        stop_if(failed, "the ball did not come back");
        if (back_ != sent_) stop_if(gof::errc::protocol, "another ball came back");
        if (--left_ > 0) return play();
        with_.close();
        done_();
      });
    });
  }

  gof::stream with_;
  std::string sent_, back_;
  int left_;
  std::function<void()> done_;
};

gof::node_options member(const std::string& name, const std::array<std::uint8_t, 32>& network_key) {
  gof::node_options options;
  options.name = name;
  options.network_key = network_key;
  return options;
}

}  // namespace

int main(int count, char** words) {
  const int rounds = count > 1 ? std::atoi(words[1]) : 200;
  asio::io_context io;
  const auto network_key = gof::grant::generate().token;
  error_code error;

  gof::node relay(io, member("relay", network_key));
  const auto at = relay.listen({asio::ip::address_v4::loopback(), 0}, error);
  stop_if(error, "the relay cannot listen");
  const auto address = "127.0.0.1:" + std::to_string(at.port());

  // It listens nowhere, so others reach it through the relay.
  gof::node called(io, member("called", network_key));
  called.join({address}, error);
  stop_if(error, "cannot join");
  const auto granted = gof::grant::generate();
  gof::acceptor from(called, "pingpong");
  accept(from, granted);
  const auto ticket = called.issue(granted, {{"pingpong", 0}}, {address}, error);
  stop_if(error, "no ticket");

  gof::node calling(io, {});
  calling.use(*ticket, error);
  stop_if(error, "the ticket is not taken");
  int playing = streams;
  const auto done = [&] {
    if (--playing == 0) io.stop();
  };
  server first(calling, 'A', rounds, done), second(calling, 'B', rounds, done);
  first.start({called.id(), "pingpong"});
  second.start({called.id(), "pingpong"});
  io.run_for(patience);

  std::string way;
  for (const auto& session : calling.snapshot().sessions)
    for (const auto& hop : session.through) way += hop.peer == relay.id() ? "relay" : "?";
  std::cout << streams - playing << " streams played " << rounds << " rounds by way of: " << way << '\n';
  return playing == 0 && way == "relay" ? 0 : 1;
}
