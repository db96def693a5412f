#include "dial/lookup.hpp"

#include "dial/candidates.hpp"
#include "dial/loop_door.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace gof::dial {

namespace io_error = boost::asio::error;

/// The time in which an answer that the pool's thread has just given reaches the loop.
constexpr std::chrono::milliseconds on_its_way{100};

std::shared_ptr<lookup> lookup::start(const boost::asio::any_io_executor& on, const std::string& host,
                                      std::chrono::milliseconds limit, handler done, lookup_pool& by) {
  auto made = std::make_shared<lookup>(on, std::move(done), by);
  made->begin(host, limit);
  return made;
}

lookup::lookup(const boost::asio::any_io_executor& on, handler done, lookup_pool& by)
    : on_(on), timer_(on), done_(std::move(done)), pool_(by) {}

void lookup::begin(const std::string& host, std::chrono::milliseconds limit) {
  const auto later = [&](lookup_answer found) {
    boost::asio::post(on_, [self = shared_from_this(), found = std::move(found)] { self->answer(found); });
  };
  if (auto known = known_addresses(host); !known.empty()) return later({{}, std::move(known)});
  asked_ = pool_.ask(
      host, [door = loop_door::of(on_), on = on_, weak = weak_from_this()](const lookup_answer& found) {
        door->post(on, [weak, found] {
          if (const auto self = weak.lock()) self->answer(found);
        });
      });
  if (!asked_) return later({io_error::try_again, {}});
  wait(limit);
}

void lookup::wait(std::chrono::milliseconds time) {
  timer_.expires_after(time);
  timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
    if (!cancelled) self->handle_limit();
  });
}

void lookup::handle_limit() {
  if (!done_) return;
  switch (pool_.forget(*asked_, true)) {
    case lookup_pool::fate::answered: return wait(on_its_way);
    case lookup_pool::fate::unanswered: return answer({io_error::timed_out, {}});
    case lookup_pool::fate::not_begun: return answer({io_error::try_again, {}});
  }
}

void lookup::answer(const lookup_answer& found) {
  if (!done_) return;
  timer_.cancel();
  const auto held = shared_from_this();
  std::exchange(done_, nullptr)(found);
}

void lookup::cancel() {
  if (!std::exchange(done_, nullptr)) return;
  timer_.cancel();
  if (asked_) pool_.forget(*asked_, false);
}

std::string lookup_words(boost::system::error_code error) {
  if (error == io_error::timed_out) return "the resolver did not answer";
  if (error == io_error::try_again) return "too many other names are being looked up";
  return error.message();
}

}  // namespace gof::dial
