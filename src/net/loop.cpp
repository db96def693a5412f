#include "net/loop.hpp"

#include <boost/asio/post.hpp>

#include <mutex>
#include <utility>

namespace gof::net {

std::shared_ptr<loop> loop::on(boost::asio::io_context& io) {
  static std::weak_ptr<loop> only;
  // A second io_context usually means a second thread: without the lock the two would race.
  static std::mutex guard;
  const std::lock_guard lock(guard);
  if (auto standing = only.lock()) return &standing->io_ == &io ? standing : nullptr;
  auto made = std::make_shared<loop>(io);
  only = made;
  return made;
}

loop::loop(boost::asio::io_context& io)
    : io_(io),
      timer_(io),
      completions_(std::make_shared<detail::completion_queue>(io.get_executor(), [this] { touch(); })) {}

loop::~loop() {
  completions_->close();
}

void loop::add(const std::shared_ptr<member>& m) {
  members_.push_back(m);
  touch();
}

void loop::remove(const member& m) {
  std::erase_if(members_, [&](const auto& weak) {
    const auto held = weak.lock();
    return !held || held.get() == &m;
  });
  if (members_.empty()) {
    timer_.cancel();
    armed_.reset();
  } else {
    // A running pump may have skipped a member, since the list has shifted.
    touch();
  }
}

void loop::touch() {
  if (!pumping_) schedule();
}

void loop::schedule() {
  if (std::exchange(scheduled_, true)) return;
  boost::asio::post(io_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->pump();
  });
}

template <class Function>
void loop::each_member(Function&& function) {
  // By index, and each held: a member may leave during its own turn.
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (const auto held = members_[i].lock()) function(*held);
}

void loop::pump() {
  scheduled_ = false;
  pumping_ = true;
  const auto now = clock_now();
  handle_events(now);
  if (std::exchange(bulk_, false)) flush(now);
  try {
    completions_->run();
  } catch (...) {  // from a handler, by an executor that lets it pass
    pumping_ = false;
    schedule();
    throw;
  }
  bool more = true;
  for (int round = 0; more && round < most_rounds; ++round) {
    more = flush(now);
    more = handle_events(now) || more;
  }
  pumping_ = false;
  if (more || !completions_->empty()) schedule();
  arm();
}

bool loop::handle_events(instant now) {
  bool any = false;
  each_member([&](member& m) { any = m.handle_events(now) || any; });
  return any;
}

bool loop::flush(instant now) {
  bool any = false;
  each_member([&](member& m) { any = m.flush(now) || any; });
  return any;
}

void loop::arm() {
  std::optional<instant> next;
  each_member([&](const member& m) {
    if (const auto due = m.poll_timeout(); due && (!next || *due < *next)) next = due;
  });
  if (!next) {
    if (armed_) timer_.cancel();
    armed_.reset();
    return;
  }
  // A timer that fires too early is armed again then, which is cheaper than moving it each turn.
  if (armed_ && *armed_ <= *next) return;
  armed_ = next;
  timer_.expires_at(to_steady(*next));
  timer_.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (self && !error) self->handle_timer();
  });
}

void loop::handle_timer() {
  armed_.reset();
  const auto now = clock_now();
  each_member([&](member& m) {
    if (const auto due = m.poll_timeout(); due && *due <= now) m.handle_timeout(now);
  });
  pump();
}

}  // namespace gof::net
