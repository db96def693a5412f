#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace gof::os {

/// The output of a program on stdout and stderr while its loop runs. A thread writes it in order, so that a
/// reader that does not read blocks nothing else. At most most_waiting bytes wait to be written; what finds
/// no room, or cannot be written, is dropped and counted. For use by one thread.
class background_writer {
 public:
  /// Several thousand lines of a log.
  static constexpr std::size_t most_waiting = 256 * 1024;
  /// How long a program waits in total for output before its loop runs.
  static constexpr std::chrono::milliseconds patience_at_start{250};
  /// How long a program waits at its end for output that is not written yet.
  static constexpr std::chrono::milliseconds patience_at_end{2000};

  background_writer();
  /// Gives up what is not written yet.
  ~background_writer();
  background_writer(const background_writer&) = delete;
  background_writer& operator=(const background_writer&) = delete;

  /// Writes all of `text` to the descriptor, after earlier output. If it is dropped, `counts` is added to the
  /// losses. Until run_on() this waits for the text to be written, at most patience_at_start in total.
  void write(int descriptor, std::string text, std::uint64_t counts = 1);

  /// A loop runs from now on: write() never waits.
  void run_on() { waits_ = false; }

  /// Waits up to `patience` until everything is written; negative: without a limit. False: something is left.
  bool finish(std::chrono::milliseconds patience);

  /// Whether everything is written.
  bool is_idle() const;
  /// What was dropped since the last call.
  std::uint64_t take_lost();

 private:
  struct shared;

  static void work(const std::shared_ptr<shared>& with);

  std::shared_ptr<shared> shared_;
  bool waits_ = true;
  std::chrono::nanoseconds patience_left_ = patience_at_start;
};

}  // namespace gof::os
