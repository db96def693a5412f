#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace gof::os {

/// What a program says on stdout and stderr while its loop runs: written in order by a thread of its own, so
/// that a reader who does not read stops nothing else. What waits to be written is bounded (most_waiting);
/// what finds no room, or cannot be written, is dropped and counted. Used by one thread.
class background_writer {
 public:
  /// Some thousand lines of a log.
  static constexpr std::size_t most_waiting = 256 * 1024;
  /// How long a program waits, in all, for what it says before its loop runs.
  static constexpr std::chrono::milliseconds patience_at_start{250};
  /// How long it waits at its end for what is not written yet.
  static constexpr std::chrono::milliseconds patience_at_end{2000};

  background_writer();
  /// What is not written yet is given up.
  ~background_writer();
  background_writer(const background_writer&) = delete;
  background_writer& operator=(const background_writer&) = delete;

  /// All of `text` to the descriptor, after what came before. Dropped, it counts as so many losses. Until
  /// run_on() this waits for the text to be written, patience_at_start in all.
  void write(int descriptor, std::string text, std::uint64_t counts = 1);

  /// From now on a loop runs, and write() never waits.
  void run_on() { waits_ = false; }

  /// Waits for what is not written yet, so long at most; negative: until it is. False: some of it is not.
  bool finish(std::chrono::milliseconds patience);

  /// Nothing waits to be written.
  bool is_idle() const;
  /// What was dropped since this was last asked.
  std::uint64_t take_lost();

 private:
  struct shared;

  static void work(const std::shared_ptr<shared>& with);

  std::shared_ptr<shared> shared_;
  bool waits_ = true;
  std::chrono::nanoseconds patience_left_ = patience_at_start;
};

}  // namespace gof::os
