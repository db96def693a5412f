#pragma once

#include "dial/system_lookup.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gof::dial {

/// Threads that look names up beside the loop. One look-up a name, however many ask for it. A name that was
/// not answered last time never holds the last threads, so that such names do not delay others. Destruction
/// waits for no thread: those that are still in a look-up end by themselves and share nothing with others.
/// Thread safe.
class lookup_pool {
 public:
  using function = std::function<lookup_answer(const std::string&)>;
  /// Called on one of the pool's threads, at most once, without a lock.
  using handler = std::function<void(const lookup_answer&)>;

  static constexpr unsigned most_threads = 32;
  static constexpr unsigned reserved = 8;      ///< of them, not for names that were not answered last time
  static constexpr unsigned reserved_new = 4;  ///< of these, at most so many for names not asked for before
  static constexpr std::size_t most_names = 1024;  ///< at once; more are refused
  /// A look-up that takes longer was not answered: several round trips to a name server far away.
  static constexpr std::chrono::milliseconds slow_after{1000};
  /// Any name may turn out to be a dead one. So new names, and apart from them those that were answered last
  /// time, get the reserved threads one by one: the second after this time, each further one after twice the
  /// time of the one before, or once any look-up is over.
  static constexpr std::chrono::milliseconds reserve_pace{500};

  /// The process's own, with system_lookup.
  static lookup_pool& system();

  explicit lookup_pool(function look_up, std::chrono::milliseconds idle = std::chrono::seconds(10));
  ~lookup_pool();
  lookup_pool(const lookup_pool&) = delete;
  lookup_pool& operator=(const lookup_pool&) = delete;

  using number = std::uint64_t;
  /// Empty: too many names wait, or there is no thread to be had.
  std::optional<number> ask(const std::string& name, handler done);

  enum class fate { answered, unanswered, not_begun };
  /// The asker waits no longer; an answer that is just being told may still come. `in_vain`: its time is
  /// over, so that the name counts as one that does not answer. The result: how far its look-up got.
  fate forget(number which, bool in_vain);

  /// For tests.
  unsigned threads() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace gof::dial
