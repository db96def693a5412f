#pragma once

#include "forward/backoff.hpp"

#include <gof/error.hpp>

#include <optional>
#include <string>

namespace gof::forward {

/// Whether a forward works: the peer is reached, the service is allowed, and its target accepts a connection.
/// Probes find out: at the start and after each failure, then at growing intervals. While it works there are
/// none, so that they do not fill the target's log. No I/O, no clock.
class readiness {
 public:
  using time = std::chrono::steady_clock::time_point;
  using error_code = boost::system::error_code;

  /// What to report after an answer.
  struct news {
    enum class kind {
      ready,    ///< it works
      waiting,  ///< the peer is not reached; reported once for all its forwards
      failed,   ///< the peer is reached, but the service does not work now
      refused,  ///< the service will not work: not allowed, withdrawn, wrong key, no such service
    };
    kind what{};
    error_code error;
    std::chrono::seconds again_in{};  ///< until the next probe, unless ready
    bool stale = false;               ///< already reported several times
  };

  /// The first probe is due at once.
  explicit readiness(time now) : due_(now) {}

  /// The peer is reached, perhaps again: the next probe is due at once.
  void handle_session_up(time now);
  void handle_session_over(time now);
  /// The answer to a probe.
  news handle_answer(time now, error_code error);
  /// A real connection failed. Empty: this says nothing about the target, or is known already.
  std::optional<news> handle_connection_failed(time now, error_code error);

  /// True: probe now, then call handle_answer().
  bool poll_probe(time now);
  /// When to poll again; empty: not before the next event.
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
  bool outdated_ = false;  ///< the session ended during the probe
};

/// The peer itself refused: asking again would change nothing.
bool is_refusal(boost::system::error_code error);
/// The service's target was dialled, and failed.
bool is_target_failure(boost::system::error_code error);
/// The peer cannot be reached.
bool is_path_failure(boost::system::error_code error);

}  // namespace gof::forward
