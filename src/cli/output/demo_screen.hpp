#pragma once

#include "cli/arguments/parsed_command.hpp"
#include "demo/show.hpp"
#include "os/background_writer.hpp"
#include "os/environment.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace gof::cli {

/// Shows the demo: lines on stdout, and below them, if stderr is a terminal, a progress bar. With --json one
/// object on stdout at the end.
class demo_screen final : public demo::audience {
 public:
  demo_screen(const demo_command& what, const os::environment& variables);
  /// Restores the terminal.
  ~demo_screen() override;
  demo_screen(const demo_screen&) = delete;
  demo_screen& operator=(const demo_screen&) = delete;

  /// `then` is called at the end, after everything else.
  void at_end(std::function<void()> then) { then_ = std::move(then); }
  const std::optional<demo::result>& end() const { return end_; }

  void tell_mesh();
  void tell_start(const std::string& relay, std::optional<std::chrono::nanoseconds> round_trip) override;
  void tell_progress(std::uint64_t bytes, std::chrono::nanoseconds since_start,
                     const std::string& relay) override;
  void tell_relay_closed(const std::string& relay, std::uint64_t bytes) override;
  void tell_path_changed(const std::string& relay, std::chrono::nanoseconds stall) override;
  void tell_end(const demo::result& how) override;

  /// The loop runs from now on: output no longer waits.
  void run_on() { out_.run_on(); }
  /// Removes the bar, and shows the cursor again.
  void clear();
  /// After the loop: waits until everything is written. False: something could not be.
  bool finish();

 private:
  void line(std::string_view label, const std::string& text, std::string_view color = {});
  void draw(const std::string& bar);
  void tell_json(const demo::result& how);
  void tell_words(const demo::result& how);

  std::uint64_t size_;
  bool json_, bar_, colored_;
  bool drawn_ = false;
  os::background_writer out_;
  std::uint64_t quarters_told_ = 0;
  std::optional<demo::result> end_;
  std::function<void()> then_;
};

}  // namespace gof::cli
