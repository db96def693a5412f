#include "demo/show.hpp"

#include <random>

namespace gof::demo {
namespace {

constexpr std::chrono::milliseconds between_looks{50};  // 20 frames a second
/// Joining relays takes well under a second, and replacing a lost path a few seconds.
constexpr std::chrono::seconds patience{30};

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace

show::show(boost::asio::io_context& io, audience& to, std::uint64_t bytes)
    : to_(to),
      mesh_(io),
      transfer_(mesh_.client(), bytes, random_seed(),
                [this](boost::system::error_code error) { handle_transfer_end(error); }),
      timer_(io) {
  wait();
}

void show::wait() {
  timer_.expires_after(between_looks);
  timer_.async_wait([this](boost::system::error_code error) {
    if (error || stage_ == stage::over) return;
    look();
    if (stage_ != stage::over) wait();
  });
}

void show::look() {
  if (stage_ == stage::joining) {
    look_at_joining();
  } else {
    look_at_path();
    // The new path must not show in the progress before its change was reported.
    const bool has_untold_path = stage_ == stage::closed && second_ != first_;
    if (stage_ != stage::over && !has_untold_path)
      to_.tell_progress(transfer_.received(), clock::now() - since_, carrier_name());
  }
  if (stage_ != stage::over && is_silent()) {
    result how;
    how.silent = true;
    end(std::move(how));
  }
}

void show::look_at_joining() {
  // The ping makes the client connect to the server, so that the path is known before the first byte.
  if (!mesh_.is_whole()) return;
  if (!asked_) {
    asked_ = true;
    mesh_.client().async_ping(mesh_.target().peer, [](auto...) {});
  }
  const auto by = mesh_.carrier();
  if (!by) return;
  stage_ = stage::moving;
  first_ = by->by;
  since_ = clock::now();
  to_.tell_start(mesh_.name(by->by), by->round_trip);
  transfer_.start(mesh_.target());
}

void show::look_at_path() {
  const auto by = mesh_.carrier();
  if (!by) return;
  if (stage_ == stage::moving && transfer_.received() >= transfer_.size() / 2) return close_carrier(*by);
  if (stage_ != stage::closed || by->by == first_) return;
  // Reported once data arrives over the new path: only then is the stall over.
  if (second_ == first_) {
    second_ = by->by;
    received_before_change_ = transfer_.received();
  }
  if (transfer_.received() == received_before_change_ && !came_back_) return;
  stage_ = stage::changed;
  to_.tell_path_changed(mesh_.name(second_), transfer_.stall());
  if (came_back_) end(*came_back_);
}

void show::close_carrier(const little_mesh::way& by) {
  stage_ = stage::closed;
  first_ = second_ = by.by;
  mesh_.close_relay(by.by);
  to_.tell_relay_closed(mesh_.name(by.by), transfer_.received());
  transfer_.release();
}

void show::handle_transfer_end(boost::system::error_code error) {
  result how;
  how.error = error;
  how.time = clock::now() - since_;
  if (!error) {
    how.hash_of_sent = transfer_.hash_of_sent();
    how.hash_of_back = transfer_.hash_of_received();
    // The last bytes may arrive before the next look at the path.
    if (stage_ == stage::closed) {
      came_back_ = std::move(how);
      return;
    }
  }
  end(std::move(how));
}

bool show::is_silent() const {
  const auto last = stage_ == stage::joining ? since_ : std::max(since_, transfer_.last_arrival());
  return clock::now() - last > patience;
}

void show::end(result how) {
  how.bytes = transfer_.received();
  how.stall = transfer_.stall();
  if (stage_ != stage::joining) how.first_relay = mesh_.name(first_);
  if (stage_ == stage::changed) how.second_relay = mesh_.name(second_);
  stage_ = stage::over;
  timer_.cancel();
  to_.tell_end(how);
}

std::string show::carrier_name() const {
  const auto by = mesh_.carrier();
  // The closing of a relay is noticed a little later.
  if (!by || (stage_ == stage::closed && by->by == first_)) return {};
  return mesh_.name(by->by);
}

}  // namespace gof::demo
