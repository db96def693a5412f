#pragma once

#include "cli/command_line.hpp"
#include "forward/journal.hpp"

#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace gof::cli {

/// Lines for people, on stderr: as text, or as JSON objects. Whoever does not read them loses them: the
/// program neither waits nor ends for that.
class log final : public forward::journal {
 public:
  /// `colored`: as the terminal and NO_COLOR want it, for --color auto.
  log(const log_options& options, bool colored);
  ~log() override;

  using journal::write;
  void write(forward::level how, const std::string& line, const forward::happening& what) override;

 private:
  std::string dressed(forward::level how, const std::string& line, const forward::happening& what) const;

  std::shared_ptr<spdlog::logger> logger_;
  bool json_;
  bool colored_;
};

}  // namespace gof::cli
