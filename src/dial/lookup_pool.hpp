#pragma once

#include "dial/system_lookup.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gof::dial {

/// Threads that look names up beside the loop. Each name is looked up once at a time, however many requests
/// there are. Names that did not answer last time never get the reserved threads, so they cannot delay all
/// others. The destructor waits for no thread: one that is still in a look-up ends by itself and shares
/// nothing with others. Thread safe.
class lookup_pool {
 public:
  using function = std::function<lookup_answer(const std::string&)>;
  /// Called at most once, on one of the pool's threads, without a lock held.
  using handler = std::function<void(const lookup_answer&)>;

  static constexpr unsigned most_threads = 32;
  static constexpr unsigned reserved = 8;          ///< of them, not for names that did not answer last time
  static constexpr unsigned reserved_new = 4;      ///< of these, the most for names that are new
  static constexpr std::size_t most_names = 1024;  ///< at a time; more are refused
  /// A look-up that takes longer counts as not answered. Enough for several round trips to a distant server.
  static constexpr std::chrono::milliseconds slow_after{1000};
  /// Any name may turn out not to answer. So the reserved threads are handed out one by one, separately to
  /// new names and to names that answered last time: the second after this time, each further one after twice
  /// the time of the one before, or as soon as any look-up ends.
  static constexpr std::chrono::milliseconds reserve_pace{500};

  /// The pool of the process, with system_lookup.
  static lookup_pool& system();

  explicit lookup_pool(function look_up, std::chrono::milliseconds idle = std::chrono::seconds(10));
  ~lookup_pool();
  lookup_pool(const lookup_pool&) = delete;
  lookup_pool& operator=(const lookup_pool&) = delete;

  using number = std::uint64_t;
  /// Empty: too many names are waiting, or no thread could be started.
  std::optional<number> ask(const std::string& name, handler done);

  enum class fate { answered, unanswered, not_begun };
  /// Withdraws a request; an answer that is just being delivered may still arrive. `in_vain`: its time was
  /// up, so the name counts as one that does not answer. Returns how far its look-up got.
  fate forget(number which, bool in_vain);

  /// For tests.
  unsigned threads() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace gof::dial
