#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace gof::os {

/// Reports the program's progress to whatever started it: --ready-fd, and the service manager (sd_notify(3)).
class sd_notifier {
 public:
  /// `manager`: NOTIFY_SOCKET; empty: there is none.
  sd_notifier(std::optional<int> ready_descriptor, std::string manager,
              const std::string& watchdog_usec = {});

  /// False: the descriptor is not open for writing.
  bool is_usable() const;
  /// Called once: writes "ready" to the descriptor and closes it, and sends READY=1.
  void ready();
  void stopping();

  /// How often the manager expects alive() (WATCHDOG_USEC); empty: never.
  std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }
  void alive();
  /// Whether there is a manager to receive alive() and status().
  bool has_manager() const { return !manager_.empty(); }
  /// A line for people who ask the manager. A line equal to the last is not sent again.
  void status(const std::string& line);

 private:
  void send(const std::string& state) const;

  std::optional<int> descriptor_;
  std::string manager_;
  std::optional<std::chrono::microseconds> watchdog_;
  std::string status_;
};

}  // namespace gof::os
