// A line with adjustable impairments, for kernels without netem. It joins two TAP devices, each in its own
// network namespace, and passes frames between them late, out of order, twice or not at all.
//
//     impairment SEED NAMESPACE DEVICE NAMESPACE DEVICE [WORD=NUMBER]...
//
//     rate=BIT/S  queue=MS      in each direction; drops what would wait longer than that. rate=0: no limit
//     delay=MS  jitter=MS       in each direction, and up to this much more; order is kept
//     loss=%  duplicate=%       of the frames
//     reorder=%  late=MS        of the frames; these arrive later by `late`
//     hasten=%                  of the frames; these arrive without the delay
//
// Prints "ready", then reads lines. "WORD=NUMBER..." is answered "set", once no more frames are taken with
// the old values; "count" with the numbers of frames so far, in both directions. Ends with its input. Times
// are those of CLOCK_MONOTONIC.
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <map>
#include <memory>
#include <mutex>
#include <poll.h>
#include <queue>
#include <random>
#include <sched.h>
#include <sstream>
#include <string>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using instant = std::chrono::steady_clock::time_point;
using std::chrono::nanoseconds;

constexpr std::size_t longest_frame = 2048;
constexpr int most_in_one_turn = 64;

[[noreturn]] void fail(const std::string& what) {
  std::cerr << "impairment: " << what << ": " << std::strerror(errno) << "\n";
  std::exit(1);
}

struct impairments {
  double rate = 0, queue = 100, delay = 0, jitter = 0, loss = 0, duplicate = 0, reorder = 0, late = 5,
         hasten = 0;

  double* find(const std::string& word) {
    const std::map<std::string, double*> all{
        {"rate", &rate},       {"queue", &queue}, {"delay", &delay},
        {"jitter", &jitter},   {"loss", &loss},   {"duplicate", &duplicate},
        {"reorder", &reorder}, {"late", &late},   {"hasten", &hasten}};
    const auto found = all.find(word);
    return found != all.end() ? found->second : nullptr;
  }
  /// False: `text` is not "WORD=NUMBER".
  bool change(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) return false;
    auto* value = find(text.substr(0, equals));
    char* end = nullptr;
    const double number = std::strtod(text.c_str() + equals + 1, &end);
    if (value == nullptr || *end != '\0' || end == text.c_str() + equals + 1 || !(number >= 0)) return false;
    *value = number;
    return true;
  }
};

nanoseconds milliseconds(double number) {
  return nanoseconds(static_cast<std::int64_t>(number * 1e6));
}

struct frame {
  std::size_t size = 0;
  std::array<char, longest_frame> data;
};

/// One direction of the line.
class direction {
 public:
  struct counts {
    std::atomic<std::uint64_t> taken = 0, passed = 0, lost = 0, duplicated = 0, reordered = 0, overflowed = 0;
  };

  direction(int from, int to, std::uint64_t seed, const impairments& first)
      : from_(from), to_(to), dice_(seed), set_(first) {}

  void set(const impairments& fresh) {
    const std::lock_guard lock(guard_);
    set_ = fresh;
  }
  const counts& counted() const { return count_; }

  void run() {
    prctl(PR_SET_TIMERSLACK, 1);
    for (;;) {
      wait();
      take_turn();
      pass_on();
    }
  }

 private:
  struct flying {
    instant arrives;
    std::uint64_t number;  ///< with equal times the first comes first
    frame* what;
    bool operator<(const flying& other) const {
      return std::pair(arrives, number) > std::pair(other.arrives, other.number);
    }
  };

  int from_, to_;
  std::mt19937_64 dice_;
  std::mutex guard_;
  impairments set_;
  counts count_;
  std::priority_queue<flying> flying_;
  std::vector<std::unique_ptr<frame>> frames_;
  std::vector<frame*> spare_;
  std::uint64_t number_ = 0;
  instant line_free_{};      ///< when the last bit so far has left
  instant last_in_order_{};  ///< when the last frame in order arrives

  void wait() {
    pollfd readable{from_, POLLIN, 0};
    timespec left{};
    if (!flying_.empty()) {
      const nanoseconds rest =
          std::max(nanoseconds(0), flying_.top().arrives - std::chrono::steady_clock::now());
      left.tv_sec = rest.count() / 1'000'000'000;
      left.tv_nsec = rest.count() % 1'000'000'000;
    }
    ppoll(&readable, 1, flying_.empty() ? nullptr : &left, nullptr);
  }

  void take_turn() {
    const std::lock_guard lock(guard_);
    for (int i = 0; i < most_in_one_turn; ++i) {
      auto* f = room();
      const auto size = read(from_, f->data.data(), f->data.size());
      if (size <= 0) {
        spare_.push_back(f);
        if (size == 0 || (errno != EAGAIN && errno != EIO)) fail("read");
        return;
      }
      f->size = static_cast<std::size_t>(size);
      take(std::chrono::steady_clock::now(), f);
    }
  }

  /// What happens to a frame happens after the queue, so even a lost frame takes its time on the line.
  void take(instant now, frame* f) {
    ++count_.taken;
    line_free_ = std::max(line_free_, now);
    if (set_.rate > 0) {
      if (line_free_ - now > milliseconds(set_.queue)) return drop(f, count_.overflowed);
      line_free_ += nanoseconds(static_cast<std::int64_t>(static_cast<double>(f->size) * 8e9 / set_.rate));
    }
    if (befalls(set_.loss)) return drop(f, count_.lost);
    if (befalls(set_.duplicate)) {
      ++count_.duplicated;
      auto* twin = room();
      twin->size = f->size;
      std::copy_n(f->data.begin(), f->size, twin->data.begin());
      send(twin);
    }
    send(f);
  }

  void send(frame* f) {
    auto arrives = line_free_;
    if (befalls(set_.hasten)) {
      ++count_.reordered;
    } else {
      arrives += milliseconds(set_.delay + set_.jitter * std::uniform_real_distribution<>()(dice_));
      arrives = std::max(arrives, last_in_order_);
      if (befalls(set_.reorder)) {
        ++count_.reordered;
        arrives += milliseconds(set_.late);
      } else {
        last_in_order_ = arrives;
      }
    }
    flying_.push({arrives, number_++, f});
  }

  void pass_on() {
    while (!flying_.empty() && flying_.top().arrives <= std::chrono::steady_clock::now()) {
      auto* f = flying_.top().what;
      flying_.pop();
      // A device that is down takes nothing: the frame is lost, as on a cable.
      if (write(to_, f->data.data(), f->size) >= 0) ++count_.passed;
      spare_.push_back(f);
    }
  }

  bool befalls(double percent) {
    return percent > 0 && std::uniform_real_distribution<>(0, 100)(dice_) < percent;
  }

  void drop(frame* f, std::atomic<std::uint64_t>& counter) {
    ++counter;
    spare_.push_back(f);
  }

  frame* room() {
    if (spare_.empty()) spare_.push_back(frames_.emplace_back(std::make_unique<frame>()).get());
    auto* f = spare_.back();
    spare_.pop_back();
    return f;
  }
};

/// A TAP device belongs to the namespace in which its file was opened.
int open_device(const char* name_space, const char* name) {
  const int place = open(name_space, O_RDONLY | O_CLOEXEC);
  if (place < 0 || setns(place, CLONE_NEWNET) != 0) fail(name_space);
  close(place);
  const int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) fail("/dev/net/tun");
  ifreq wanted{};
  std::strncpy(wanted.ifr_name, name, IFNAMSIZ - 1);
  wanted.ifr_flags = IFF_TAP | IFF_NO_PI;
  if (ioctl(device, TUNSETIFF, &wanted) != 0) fail(name);
  return device;
}

/// False: one of the words is wrong, and nothing was changed.
bool change(impairments& all, std::istream& words) {
  auto fresh = all;
  for (std::string word; words >> word;)
    if (!fresh.change(word)) return false;
  all = fresh;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  impairments set;
  std::stringstream words;
  for (int i = 6; i < argc; ++i) words << argv[i] << " ";
  if (argc < 6 || !change(set, words)) {
    std::cerr << "usage: impairment SEED NAMESPACE DEVICE NAMESPACE DEVICE [WORD=NUMBER]...\n";
    return 2;
  }
  const auto seed = std::strtoull(argv[1], nullptr, 10);
  const int one = open_device(argv[2], argv[3]), other = open_device(argv[4], argv[5]);
  direction there(one, other, seed, set), back(other, one, seed + 1, set);
  std::thread([&] { there.run(); }).detach();
  std::thread([&] { back.run(); }).detach();
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream given(line);
    if (line == "count") {
      const auto sum = [&](auto member) { return (there.counted().*member) + (back.counted().*member); };
      using counts = direction::counts;
      std::cout << "count taken=" << sum(&counts::taken) << " passed=" << sum(&counts::passed)
                << " lost=" << sum(&counts::lost) << " duplicated=" << sum(&counts::duplicated)
                << " reordered=" << sum(&counts::reordered) << " overflowed=" << sum(&counts::overflowed)
                << std::endl;
    } else if (change(set, given)) {
      there.set(set);
      back.set(set);
      std::cout << "set" << std::endl;
    } else {
      std::cout << "wrong: " << line << std::endl;
    }
  }
  std::_Exit(0);  // the two threads are still running
}
