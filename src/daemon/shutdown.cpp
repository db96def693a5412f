#include "daemon/shutdown.hpp"

#include "daemon/exit_code.hpp"
#include "log/text.hpp"

#include <csignal>

namespace gof::daemon {
namespace {

using clock = std::chrono::steady_clock;

/// How soon the end of the last connection is noticed.
constexpr std::chrono::milliseconds check_every{50};

}  // namespace

shutdown::shutdown(boost::asio::io_context& io, log::logger& log, os::sd_notifier& told, subject& what)
    : io_(io), log_(log), told_(told), what_(what), signals_(io, SIGINT, SIGTERM), timer_(io) {
  // The terminal is gone, or ssh(1) no longer needs its proxy. A process that ignores SIGHUP (nohup) goes on.
  struct sigaction before {};
  if (!what_.drains() && ::sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
    signals_.add(SIGHUP);
  wait();
}

void shutdown::end(int code) {
  if (code_) return;
  code_ = code;
  boost::system::error_code ignored;
  signals_.cancel(ignored);
  timer_.cancel();
  what_.abort_all();
  io_.stop();
}

std::optional<control::node_status::drain> shutdown::draining() const {
  if (!drain_) return std::nullopt;
  return control::node_status::drain{what_.connections(), drain_->time_left(clock::now())};
}

void shutdown::wait() {
  signals_.async_wait([this](boost::system::error_code error, int number) {
    if (error) return;
    wait();
    handle_signal(number);
  });
}

void shutdown::handle_signal(int number) {
  if (drain_ || !what_.drains()) return end(by_signal + number);
  told_.stopping();
  what_.drain();
  drain_.emplace(clock::now(), what_.connections());
  if (const auto words = drain_->words(); !words.empty()) log_.write(log::level::info, words);
  check();
}

void shutdown::check() {
  const auto left = what_.connections();
  // The end of the last connection may still be in flight, and closing the node would lose it.
  const std::size_t waits = left == 0 && !what_.is_delivered() ? 1 : left;
  if (drain_->is_done(clock::now(), waits)) {
    if (left == 0) return end(done);
    log_.write(log::level::warning, "stopped after " + std::to_string(forward::drain::limit.count()) +
                                        " s: " + log::count_text(left, "connection") + " cut off, with " +
                                        log::count_text(what_.under_way(), "byte") + " not delivered");
    return end(failed);
  }
  timer_.expires_after(check_every);
  timer_.async_wait([this](boost::system::error_code cancelled) {
    if (!cancelled) check();
  });
}

}  // namespace gof::daemon
