#include "dial/lookup_pool.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <map>
#include <mutex>
#include <pthread.h>

namespace gof::dial {
namespace {

using clock = std::chrono::steady_clock;

/// Enough for the modules of nsswitch.conf.
constexpr std::size_t stack_size = std::size_t{1} << 20;
constexpr std::size_t most_remembered = 1024;

/// How the last look-up of a name ended.
enum standing { answered, unknown, slow };

/// How the last look-up of each name ended; only the names added most recently are remembered.
class memory {
 public:
  standing of(const std::string& name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? unknown : found->second;
  }
  void note(const std::string& name, standing what) {
    const auto [at, fresh] = names_.insert_or_assign(name, what);
    if (!fresh) return;
    order_.push_back(at);
    if (order_.size() <= most_remembered) return;
    names_.erase(order_.front());
    order_.pop_front();
  }

 private:
  using all = std::map<std::string, standing>;
  all names_;
  std::deque<all::iterator> order_;  // in the order in which they were added
};

}  // namespace

/// Shared by the pool and its threads; destroyed with the last of them.
struct lookup_pool::state : std::enable_shared_from_this<state> {
  struct question {
    std::map<number, handler> askers;
    number last = 0;  ///< number of its most recent request
    bool running = false;
    bool in_vain = false;  ///< the time of a request was up
    clock::time_point started{};
    std::optional<standing> in_reserve;  ///< it has a reserved thread, in the share of this standing
  };
  using questions_map = std::map<std::string, question>;

  /// The share of the reserved threads that names of one standing have.
  struct share {
    unsigned most;
    unsigned running = 0;
    clock::time_point next_at{};
  };

  function look_up;
  std::chrono::milliseconds idle_limit;
  mutable std::mutex guard;
  std::condition_variable change;
  questions_map questions;  // at most most_names
  memory known;
  number next = 1;
  unsigned threads = 0;
  unsigned idle = 0;  // how many of the threads
  unsigned running = 0;
  share shares[3] = {{reserved}, {reserved_new}, {0}};  // by standing
  bool closed = false;

  bool spawn();
  bool more();
  bool only_reserve() const { return running >= most_threads - reserved; }
  questions_map::iterator choose(clock::time_point now);
  void begin(question& one, standing what, clock::time_point now);
  clock::time_point next_turn(clock::time_point latest) const;
  void answer(const std::string& name, const lookup_answer& found, std::unique_lock<std::mutex>& lock);
  void run();
};

/// Makes sure that a thread takes the next question. False: there is none.
bool lookup_pool::state::more() {
  if (idle > 0) {
    change.notify_one();
    return true;
  }
  return threads == most_threads || spawn() || threads > 0;
}

bool lookup_pool::state::spawn() {
  auto held = std::make_unique<std::shared_ptr<state>>(shared_from_this());
  pthread_attr_t how;
  ::pthread_attr_init(&how);
  ::pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
  ::pthread_attr_setstacksize(&how, stack_size);
  // The loop handles signals.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t made;
  const auto body = [](void* with) -> void* {
    const std::unique_ptr<std::shared_ptr<state>> self(static_cast<std::shared_ptr<state>*>(with));
    ::pthread_setname_np(::pthread_self(), "gof-lookup");  // for ps -L and debuggers
    (*self)->run();
    return nullptr;
  };
  const bool began = ::pthread_create(&made, &how, body, held.get()) == 0;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::pthread_attr_destroy(&how);
  if (!began) return false;
  static_cast<void>(held.release());  // the thread owns it now
  ++threads;
  return true;
}

/// Names that answered last time come first, those that did not come last. Among the latter the one that has
/// waited longest is chosen; among others the newest, which is still waited for, so that older ones that do
/// not answer cannot delay it.
lookup_pool::state::questions_map::iterator lookup_pool::state::choose(clock::time_point now) {
  auto best = questions.end();
  standing best_standing = slow;
  for (auto one = questions.begin(); one != questions.end(); ++one) {
    if (one->second.running) continue;
    const auto what = known.of(one->first);
    const auto& its = shares[what];
    if (only_reserve() && (its.running >= its.most || now < its.next_at)) continue;
    const bool newer = best != questions.end() && one->second.last > best->second.last;
    if (best == questions.end() || what < best_standing ||
        (what == best_standing && newer != (what == slow))) {
      best = one;
      best_standing = what;
    }
  }
  if (best != questions.end()) begin(best->second, best_standing, now);
  return best;
}

void lookup_pool::state::begin(question& one, standing what, clock::time_point now) {
  if (only_reserve()) {
    auto& its = shares[what];
    its.next_at = now + reserve_pace * (1U << its.running++);
    one.in_reserve = what;
  }
  one.running = true;
  one.started = now;
  ++running;
}

/// When a waiting question may get a reserved thread.
clock::time_point lookup_pool::state::next_turn(clock::time_point latest) const {
  if (!only_reserve()) return latest;
  for (const auto& [name, one] : questions) {
    const auto& its = shares[known.of(name)];
    if (!one.running && its.running < its.most) latest = std::min(latest, its.next_at);
  }
  return latest;
}

void lookup_pool::state::answer(const std::string& name, const lookup_answer& found,
                                std::unique_lock<std::mutex>& lock) {
  const auto now = clock::now();
  auto asked = questions.extract(name);
  auto& what = asked.mapped();
  if (what.in_reserve) --shares[*what.in_reserve].running;
  for (auto& one : shares) one.next_at = now;
  known.note(name, what.in_vain || now - what.started >= slow_after ? slow : answered);
  lock.unlock();
  for (const auto& [which, done] : what.askers) done(found);
  asked = {};  // destroys what the handlers captured, without the lock
  lock.lock();
}

void lookup_pool::state::run() {
  std::unique_lock lock(guard);
  auto until = clock::now() + idle_limit;
  while (!closed) {
    const auto now = clock::now();
    if (const auto chosen = choose(now); chosen != questions.end()) {
      const auto name = chosen->first;
      more();
      lock.unlock();
      const auto found = look_up(name);
      lock.lock();
      --running;
      if (!closed) answer(name, found, lock);
      until = clock::now() + idle_limit;
      continue;
    }
    if (now >= until) break;
    ++idle;
    change.wait_until(lock, next_turn(until));
    --idle;
  }
  --threads;
}

lookup_pool& lookup_pool::system() {
  static lookup_pool only(&system_lookup);
  return only;
}

lookup_pool::lookup_pool(function look_up, std::chrono::milliseconds idle)
    : state_(std::make_shared<state>()) {
  state_->look_up = std::move(look_up);
  state_->idle_limit = idle;
}

lookup_pool::~lookup_pool() {
  const std::lock_guard lock(state_->guard);
  state_->closed = true;
  state_->questions.clear();
  state_->change.notify_all();
}

std::optional<lookup_pool::number> lookup_pool::ask(const std::string& name, handler done) {
  auto& s = *state_;
  const std::lock_guard lock(s.guard);
  const auto found = s.questions.find(name);
  if (found == s.questions.end() && s.questions.size() == most_names) return std::nullopt;
  const auto which = s.next++;
  const auto [at, fresh] = s.questions.try_emplace(name);
  at->second.askers.emplace(which, std::move(done));
  at->second.last = which;
  if (!fresh) return which;
  if (s.more()) return which;
  s.questions.erase(at);
  return std::nullopt;
}

lookup_pool::fate lookup_pool::forget(number which, bool in_vain) {
  auto& s = *state_;
  handler gone;  // what it captured is destroyed without the lock
  const std::lock_guard lock(s.guard);
  for (auto one = s.questions.begin(); one != s.questions.end(); ++one) {
    auto& [name, what] = *one;
    const auto found = what.askers.find(which);
    if (found == what.askers.end()) continue;
    gone = std::move(found->second);
    what.askers.erase(found);
    const bool began = what.running;
    what.in_vain = what.in_vain || (began && in_vain);
    if (!began && what.askers.empty()) s.questions.erase(one);
    return began ? fate::unanswered : fate::not_begun;
  }
  return fate::answered;
}

unsigned lookup_pool::threads() const {
  const std::lock_guard lock(state_->guard);
  return state_->threads;
}

}  // namespace gof::dial
