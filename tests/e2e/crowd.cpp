// Many connections from one machine, each of which checks what comes back. Figures are printed as one JSON
// object per line.
//
//   crowd serve PORT [BYTES]
//     echoes on 127.0.0.1:PORT, with receive buffers of BYTES; on stdin "count" asks how many connections
//     there are, "pause" stops the reading, "go" resumes it
//   crowd hold PORT COUNT
//     opens COUNT connections and keeps them; on stdin "talk BYTES" and "end" act on all of them, "fill
//     PIECES" sends until nothing progresses, "take PIECES" reads that back
//   crowd silent PORT COUNT
//     the same, without a byte before "talk"
//   crowd rate PORT PER_SECOND SECONDS
//     opens this many a second, whatever happens to earlier ones; each asks, ends and checks
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <istream>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using clock_type = std::chrono::steady_clock;

constexpr std::size_t question_size = 64;
constexpr std::size_t piece_size = 16 * 1024;
constexpr std::size_t at_once = 200;  // how many hold() opens, talks through or ends at a time
constexpr int backlog = 4096;

using task = asio::awaitable<void>;

/// Bytes that only this connection sends in this turn, so that a swap between connections is found.
std::string bytes_of(std::uint64_t seed, std::size_t size) {
  std::mt19937_64 draw(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(draw());
  return bytes;
}

/// The results of a number of tries, and how long each took.
class tally {
 public:
  void add(bool right, clock_type::time_point since) {
    if (!right) ++failed_;
    if (right) took_.push_back(std::chrono::duration<double, std::milli>(clock_type::now() - since).count());
  }

  std::size_t count() const { return took_.size() + failed_; }

  void tell(const char* what) {
    std::sort(took_.begin(), took_.end());
    const std::chrono::duration<double> all = clock_type::now() - began_;
    std::printf(
        "{\"%s\": %zu, \"failed\": %zu, \"seconds\": %.3f, \"p50_ms\": %.2f, \"p99_ms\": %.2f, \"most_ms\": "
        "%.2f}\n",
        what, count(), failed_, all.count(), at(0.5), at(0.99), at(1.0));
    std::fflush(stdout);
  }

 private:
  double at(double share) const {
    if (took_.empty()) return 0;
    return took_[static_cast<std::size_t>(share * static_cast<double>(took_.size() - 1))];
  }

  clock_type::time_point began_ = clock_type::now();
  std::vector<double> took_;
  std::size_t failed_ = 0;
};

class connection {
 public:
  connection(asio::io_context& io, std::uint64_t seed) : socket_(io), seed_(seed) {}

  asio::awaitable<bool> open(const tcp::endpoint& to) {
    co_await socket_.async_connect(to, told());
    if (error_) co_return false;
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    co_return true;
  }

  /// Sends this many bytes and reads as many back at the same time, as buffers do not hold them all.
  asio::awaitable<bool> talk(std::size_t size) {
    const auto bytes = bytes_of(++seed_, size);
    std::string back(size, '\0');
    auto writing = std::make_shared<boost::system::error_code>();
    asio::co_spawn(socket_.get_executor(), send(bytes, writing), asio::detached);
    co_await asio::async_read(socket_, asio::buffer(back), told());
    co_return !error_ && back == bytes;
  }

  /// Sends this many pieces, each once there is room. Adds what was taken to `sent`.
  task fill(std::size_t pieces, std::size_t& sent) {
    for (std::size_t i = 0; i < pieces; ++i) {
      const auto piece = bytes_of(seed_ + i, piece_size);
      boost::system::error_code error;
      for (std::size_t at = 0; at < piece.size() && !error;) {
        const auto size =
            co_await socket_.async_write_some(asio::buffer(piece.data() + at, piece.size() - at),
                                              asio::redirect_error(asio::use_awaitable, error));
        at += size;
        sent += size;
      }
      if (error) co_return;
    }
  }

  /// Reads what fill() sent.
  asio::awaitable<bool> take(std::size_t pieces) {
    for (std::size_t i = 0; i < pieces; ++i) {
      std::string back(piece_size, '\0');
      co_await asio::async_read(socket_, asio::buffer(back), told());
      if (error_ || back != bytes_of(seed_ + i, piece_size)) co_return false;
    }
    co_return true;
  }

  /// Both directions end, and nothing arrives before that.
  asio::awaitable<bool> end() {
    char byte = 0;
    socket_.shutdown(tcp::socket::shutdown_send, error_);
    if (error_) co_return false;
    co_await socket_.async_read_some(asio::buffer(&byte, 1), told());
    const bool clean = error_ == asio::error::eof;
    socket_.close(error_);
    co_return clean;
  }

 private:
  using completion = asio::redirect_error_t<std::decay_t<decltype(asio::use_awaitable)>>;

  completion told() { return asio::redirect_error(asio::use_awaitable, error_); }

  task send(std::string bytes, std::shared_ptr<boost::system::error_code> error) {
    co_await asio::async_write(socket_, asio::buffer(bytes),
                               asio::redirect_error(asio::use_awaitable, *error));
  }

  tcp::socket socket_;
  boost::system::error_code error_;
  std::uint64_t seed_;
};

/// Reads lines from stdin, whose end ends the program.
task commands(asio::io_context& io, std::function<task(std::string)> obey) {
  asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
  asio::streambuf buffer;
  boost::system::error_code error;
  while (true) {
    co_await asio::async_read_until(input, buffer, '\n', asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    std::istream lines(&buffer);
    std::string line;
    std::getline(lines, line);
    co_await obey(line);
  }
  io.stop();
}

class server {
 public:
  /// `receive_buffer`: bytes for each connection; 0: the system's default.
  server(asio::io_context& io, std::uint16_t port, std::size_t receive_buffer)
      : acceptor_(io), resumed_(io, clock_type::time_point::max()) {
    const tcp::endpoint at(asio::ip::address_v4::loopback(), port);
    acceptor_.open(at.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    if (receive_buffer > 0)
      acceptor_.set_option(tcp::acceptor::receive_buffer_size(static_cast<int>(receive_buffer)));
    acceptor_.bind(at);
    acceptor_.listen(backlog);
  }

  task accept() {
    while (true) {
      boost::system::error_code error;
      auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error) continue;
      ++accepted_;
      asio::co_spawn(acceptor_.get_executor(), echo(std::move(socket)), asio::detached);
    }
  }

  void pause(bool now) {
    paused_ = now;
    if (!now) resumed_.cancel();
    std::printf("{\"paused\": %s}\n", now ? "true" : "false");
    std::fflush(stdout);
  }

  void tell() const {
    std::printf("{\"open\": %zu, \"accepted\": %zu}\n", open_, accepted_);
    std::fflush(stdout);
  }

 private:
  task echo(tcp::socket socket) {
    ++open_;
    std::vector<char> bytes(16 * 1024);
    boost::system::error_code error;
    socket.set_option(tcp::no_delay(true), error);
    while (true) {
      if (paused_) co_await resumed_.async_wait(asio::redirect_error(asio::use_awaitable, error));
      const auto size = co_await socket.async_read_some(asio::buffer(bytes),
                                                        asio::redirect_error(asio::use_awaitable, error));
      if (error) break;
      co_await asio::async_write(socket, asio::buffer(bytes.data(), size),
                                 asio::redirect_error(asio::use_awaitable, error));
      if (error) break;
    }
    --open_;
  }

  tcp::acceptor acceptor_;
  asio::steady_timer resumed_;  ///< cancelled when reading continues
  bool paused_ = false;
  std::size_t open_ = 0;
  std::size_t accepted_ = 0;
};

class crowd {
 public:
  crowd(asio::io_context& io, std::uint16_t port) : io_(io), to_(asio::ip::address_v4::loopback(), port) {}

  task gather(std::size_t count, bool silent) {
    for (std::size_t i = 0; i < count; ++i) all_.push_back(std::make_unique<connection>(io_, i << 20));
    co_await each("opened", [this, silent](connection& one) -> asio::awaitable<bool> {
      if (!co_await one.open(to_)) co_return false;
      co_return silent || co_await one.talk(question_size);
    });
  }

  task obey(std::string line) {
    if (line == "end") {
      co_await each("ended", [](connection& one) { return one.end(); });
      all_.clear();
    } else if (line.starts_with("talk ")) {
      const auto size = static_cast<std::size_t>(std::stoul(line.substr(5)));
      co_await each("talked", [size](connection& one) { return one.talk(size); });
    } else if (line.starts_with("fill ")) {
      co_await fill(static_cast<std::size_t>(std::stoul(line.substr(5))));
    } else if (line.starts_with("take ")) {
      const auto pieces = static_cast<std::size_t>(std::stoul(line.substr(5)));
      co_await each("taken", [pieces](connection& one) { return one.take(pieces); });
    }
  }

  /// All at once, until nothing has progressed for two seconds.
  task fill(std::size_t pieces) {
    for (auto& one : all_) asio::co_spawn(io_, one->fill(pieces, sent_), asio::detached);
    asio::steady_timer timer(io_);
    for (std::size_t before = 0, still = 0; still < 2; still = sent_ == before ? still + 1 : 0) {
      before = sent_;
      timer.expires_after(std::chrono::seconds(1));
      co_await timer.async_wait(asio::use_awaitable);
    }
    std::printf("{\"filled\": %zu}\n", sent_);
    std::fflush(stdout);
  }

  task keep_opening(std::size_t per_second, std::size_t seconds) {
    tally opened;
    tally whole;
    asio::steady_timer timer(io_);
    const auto began = clock_type::now();
    const auto between = std::chrono::nanoseconds(std::chrono::seconds(1)) / per_second;
    const auto count = per_second * seconds;
    for (std::size_t i = 0; i < count; ++i) {
      // At the time when it is due, whenever the one before began: a late one catches up.
      timer.expires_at(began + between * i);
      co_await timer.async_wait(asio::use_awaitable);
      asio::co_spawn(io_, visit(i, opened, whole), asio::detached);
    }
    const auto last = clock_type::now() + std::chrono::seconds(20);
    while (whole.count() < count && clock_type::now() < last) {
      timer.expires_after(std::chrono::milliseconds(20));
      co_await timer.async_wait(asio::use_awaitable);
    }
    opened.tell("answered");
    whole.tell("whole");
    io_.stop();
  }

 private:
  task visit(std::size_t number, tally& opened, tally& whole) {
    const auto since = clock_type::now();
    connection one(io_, number << 20);
    bool right = co_await one.open(to_);
    right = right && co_await one.talk(question_size);
    opened.add(right, since);
    right = right && co_await one.end();
    whole.add(right, since);
  }

  template <class Act>
  task each(const char* what, Act act) {
    tally how;
    std::size_t next = 0;
    asio::steady_timer over(io_, clock_type::time_point::max());
    const auto work = [&]() -> task {
      while (next < all_.size()) {
        const auto since = clock_type::now();
        auto& one = *all_[next++];
        const bool right = co_await act(one);
        how.add(right, since);
      }
      if (how.count() == all_.size()) over.cancel();
    };
    for (std::size_t i = 0; i < std::min(at_once, all_.size()); ++i)
      asio::co_spawn(io_, work(), asio::detached);
    boost::system::error_code cancelled;
    co_await over.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    how.tell(what);
  }

  asio::io_context& io_;
  tcp::endpoint to_;
  std::vector<std::unique_ptr<connection>> all_;
  std::size_t sent_ = 0;  ///< by fill()
};

/// 0: not a number.
std::size_t number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

int serve(asio::io_context& io, std::uint16_t port, std::size_t receive_buffer) {
  server at(io, port, receive_buffer);
  at.tell();
  asio::co_spawn(io, at.accept(), asio::detached);
  asio::co_spawn(io,
                 commands(io,
                          [&](const std::string& line) -> task {
                            if (line == "count") at.tell();
                            if (line == "pause" || line == "go") at.pause(line == "pause");
                            co_return;
                          }),
                 asio::detached);
  io.run();
  return 0;
}

int hold(asio::io_context& io, std::uint16_t port, std::size_t count, bool silent) {
  crowd all(io, port);
  const auto act = [&]() -> task {
    co_await all.gather(count, silent);
    co_await commands(io, [&](std::string line) { return all.obey(std::move(line)); });
  };
  asio::co_spawn(io, act(), asio::detached);
  io.run();
  return 0;
}

int rate(asio::io_context& io, std::uint16_t port, std::size_t per_second, std::size_t seconds) {
  crowd all(io, port);
  asio::co_spawn(io, all.keep_opening(per_second, seconds), asio::detached);
  io.run();
  return 0;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int count, char** words) {
  raise_descriptor_limit();
  const std::vector<std::string_view> args(words + 1, words + count);
  std::vector<std::size_t> numbers;
  for (std::size_t i = 1; i < args.size(); ++i) numbers.push_back(number(args[i]));
  const bool right = std::find(numbers.begin(), numbers.end(), 0) == numbers.end() && !numbers.empty();
  const auto what = right ? args[0] : std::string_view();
  const auto port = right ? static_cast<std::uint16_t>(numbers[0]) : std::uint16_t{0};
  asio::io_context io(1);
  if (what == "serve" && numbers.size() <= 2) return serve(io, port, numbers.size() == 2 ? numbers[1] : 0);
  if (what == "hold" && numbers.size() == 2) return hold(io, port, numbers[1], false);
  if (what == "silent" && numbers.size() == 2) return hold(io, port, numbers[1], true);
  if (what == "rate" && numbers.size() == 3) return rate(io, port, numbers[1], numbers[2]);
  std::fputs(
      "usage: crowd serve PORT [BYTES] | hold PORT COUNT | silent PORT COUNT | rate PORT PER_SECOND "
      "SECONDS\n",
      stderr);
  return 2;
}
