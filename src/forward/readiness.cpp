#include "forward/readiness.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace gof::forward {

bool is_refusal(boost::system::error_code error) {
  return error == errc::not_allowed || error == errc::withdrawn || error == errc::wrong_identity ||
         error == errc::unknown_service;
}

bool is_target_failure(boost::system::error_code error) {
  return error == errc::target_refused || error == errc::target_unknown || error == errc::target_timeout ||
         error == errc::target_failed || error == errc::loop;
}

bool is_path_failure(boost::system::error_code error) {
  return error == errc::no_path || error == errc::timed_out || error == errc::reset ||
         error == boost::asio::error::operation_aborted;
}

void readiness::handle_session_up(time now) {
  if (ready_) return;
  pauses_.reset();
  if (!probing_) due_ = now;
}

void readiness::handle_session_over(time now) {
  if (probing_) outdated_ = true;
  if (ready_) plan(now, news::kind::waiting, errc::no_path);
}

readiness::news readiness::handle_answer(time now, error_code error) {
  probing_ = false;
  if (std::exchange(outdated_, false) && !error) error = errc::no_path;
  if (error)
    return plan(now,
                is_refusal(error)        ? news::kind::refused
                : is_path_failure(error) ? news::kind::waiting
                                         : news::kind::failed,
                error);
  ready_ = was_ready_ = true;
  due_.reset();
  pauses_.reset();
  return {news::kind::ready, {}, {}, false};
}

std::optional<readiness::news> readiness::handle_connection_failed(time now, error_code error) {
  if (!ready_ || !(is_target_failure(error) || is_refusal(error))) return std::nullopt;
  return plan(now, is_refusal(error) ? news::kind::refused : news::kind::failed, error);
}

readiness::news readiness::plan(time now, news::kind what, error_code error) {
  ready_ = false;
  const auto pause = pauses_.next();
  due_ = now + pause;
  return {what, error, pause, pauses_.is_stale()};
}

bool readiness::poll_probe(time now) {
  if (probing_ || !due_ || *due_ > now) return false;
  due_.reset();
  return probing_ = true;
}

std::optional<readiness::time> readiness::poll_timeout() const {
  return probing_ ? std::nullopt : due_;
}

}  // namespace gof::forward
