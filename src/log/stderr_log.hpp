#pragma once

#include "log/logger.hpp"
#include "log/options.hpp"
#include "os/background_writer.hpp"

#include <memory>
#include <string>

namespace spdlog {
class formatter;
class logger;
}  // namespace spdlog

namespace gof::log {

/// Lines for people on stderr, as text or as JSON objects. While the loop runs, a reader that is slow never
/// blocks the program: beyond background_writer::most_waiting lines are dropped, and a line says how many.
class stderr_log final : public logger {
 public:
  /// `colored`: for --color auto, as the terminal and NO_COLOR want it.
  stderr_log(const options& options, bool colored);
  /// Waits up to background_writer::patience_at_end for lines that are not written yet.
  ~stderr_log() override;

  using logger::write;
  void write(level how, const std::string& line, const fields& what) override;
  bool keeps(level how) const override;
  /// Prints other text unchanged, after the lines before it.
  void print(std::string text);

  /// The loop runs from now on: write() no longer waits.
  void run_on() { out_.run_on(); }

 private:
  class stderr_sink;

  bool tell_lost();
  std::string dressed(level how, const std::string& line, const fields& what) const;

  os::background_writer out_;
  std::shared_ptr<stderr_sink> sink_;
  std::shared_ptr<spdlog::logger> logger_;
  std::unique_ptr<spdlog::formatter> clock_;  ///< writes the time into JSON; none: lines of text
  bool colored_;
};

}  // namespace gof::log
