#include "os/background_writer.hpp"

#include "os/process.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace gof::os {

/// The thread shares ownership: it may still be writing when the program ends.
struct background_writer::shared {
  struct piece {
    int descriptor;
    std::string text;
    std::uint64_t counts;  ///< if it is lost
  };

  std::mutex mutex;
  std::condition_variable more;     ///< there is something to write, or `over` is set
  std::condition_variable written;  ///< a piece was written
  std::deque<piece> pieces;         ///< the first one is being written
  std::size_t size = 0;             ///< bytes in all pieces
  std::uint64_t lost = 0;
  bool over = false;
};

background_writer::background_writer() : shared_(std::make_shared<shared>()) {
  std::thread([with = shared_] { work(with); }).detach();
}

background_writer::~background_writer() {
  const std::lock_guard lock(shared_->mutex);
  shared_->over = true;
  shared_->more.notify_one();
}

void background_writer::work(const std::shared_ptr<shared>& with) {
  std::unique_lock lock(with->mutex);
  while (true) {
    with->more.wait(lock, [&] { return with->over || !with->pieces.empty(); });
    if (with->over) return;
    const auto& next = with->pieces.front();  // stays in place while others are added
    lock.unlock();
    const bool done = write_all(next.descriptor, next.text);
    lock.lock();
    if (!done) with->lost += next.counts;
    with->size -= next.text.size();
    with->pieces.pop_front();
    with->written.notify_one();
  }
}

void background_writer::write(int descriptor, std::string text, std::uint64_t counts) {
  {
    const std::lock_guard lock(shared_->mutex);
    // A text longer than the limit is accepted if nothing else waits.
    if (!shared_->pieces.empty() && shared_->size + text.size() > most_waiting) {
      shared_->lost += counts;
      return;
    }
    shared_->size += text.size();
    shared_->pieces.push_back({descriptor, std::move(text), counts});
    shared_->more.notify_one();
  }
  if (!waits_ || patience_left_.count() <= 0) return;
  const auto since = std::chrono::steady_clock::now();
  finish(std::chrono::ceil<std::chrono::milliseconds>(patience_left_));
  patience_left_ -= std::chrono::steady_clock::now() - since;
}

bool background_writer::finish(std::chrono::milliseconds patience) {
  std::unique_lock lock(shared_->mutex);
  const auto is_written = [this] { return shared_->pieces.empty(); };
  if (patience.count() >= 0) return shared_->written.wait_for(lock, patience, is_written);
  shared_->written.wait(lock, is_written);
  return true;
}

bool background_writer::is_idle() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->pieces.empty();
}

std::uint64_t background_writer::take_lost() {
  const std::lock_guard lock(shared_->mutex);
  return std::exchange(shared_->lost, 0);
}

}  // namespace gof::os
