#pragma once

#include "forward/backoff.hpp"

#include <gof/error.hpp>

#include <optional>
#include <string>

namespace gof::forward {

/// Whether a forward works: the peer reached, the service allowed, and one connection to its target had.
/// Asked by probes: at the start and after whatever went wrong, then at growing intervals; while it works,
/// never, so that the target's log is not filled. No I/O, no clock.
class readiness {
 public:
  using time = std::chrono::steady_clock::time_point;
  using error_code = boost::system::error_code;

  /// What is to be told of an answer.
  struct news {
    enum class kind {
      ready,    ///< it works
      waiting,  ///< the peer is not reached; told elsewhere, for all its forwards at once
      failed,   ///< reached, but it does not work now
      refused,  ///< reached, and it will not work: not allowed, withdrawn, wrong key, no such service
    };
    kind what{};
    error_code error;
    std::chrono::seconds again_in{};  ///< but for ready
    bool stale = false;               ///< told before, several times
  };

  /// Asks at once.
  explicit readiness(time now) : due_(now) {}

  /// The peer is reached, perhaps again: no need to wait longer.
  void handle_session_up(time now);
  void handle_session_over(time now);
  /// The probe's answer.
  news handle_answer(time now, error_code error);
  /// A real connection was not had. Empty: that tells nothing of the target, or it is known already.
  std::optional<news> handle_connection_failed(time now, error_code error);

  /// True: probe now, then call handle_answer().
  bool poll_probe(time now);
  /// When to poll again; empty: nothing to do.
  std::optional<time> poll_timeout() const;

  bool is_ready() const { return ready_; }
  bool was_ready() const { return was_ready_; }

 private:
  news plan(time now, news::kind what, error_code error);

  std::optional<time> due_;
  backoff pauses_;
  bool probing_ = false;
  bool ready_ = false;
  bool was_ready_ = false;
  bool outdated_ = false;  ///< the session went while the probe was under way
};

/// Refused by the peer itself: asking again changes nothing.
bool is_refusal(boost::system::error_code error);
/// The service's target was tried and failed.
bool is_target_failure(boost::system::error_code error);
/// The peer is not there.
bool is_path_failure(boost::system::error_code error);

}  // namespace gof::forward
