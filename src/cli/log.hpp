#pragma once

#include "cli/command_line.hpp"
#include "forward/journal.hpp"
#include "os/background_writer.hpp"

#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace gof::cli {

/// Lines for people, on stderr: as text, or as JSON objects. While the loop runs the program waits for nobody
/// who does not read them: beyond output::most_waiting they are dropped, and a line says how many.
class log final : public forward::journal {
 public:
  /// `colored`: as the terminal and NO_COLOR want it, for --color auto.
  log(const log_options& options, bool colored);
  /// Waits output::patience_at_end for what is not written yet.
  ~log() override;

  using journal::write;
  void write(forward::level how, const std::string& line, const forward::happening& what) override;
  bool keeps(forward::level how) const override;
  /// Text of another kind, as it is, after the lines before it.
  void print(std::string text);

  /// From now on a loop runs: nothing waits to be written any more.
  void run_on() { out_.run_on(); }

 private:
  class stderr_sink;

  bool tell_lost();
  std::string dressed(forward::level how, const std::string& line, const forward::happening& what) const;

  os::background_writer out_;
  std::shared_ptr<stderr_sink> sink_;
  std::shared_ptr<spdlog::logger> logger_;
  bool json_;
  bool colored_;
};

}  // namespace gof::cli
