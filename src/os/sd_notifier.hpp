#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace gof::os {

/// Tells whoever started the program how far it is: --ready-fd, and the service manager (sd_notify(3)).
class sd_notifier {
 public:
  /// `manager`: NOTIFY_SOCKET; empty: there is none.
  sd_notifier(std::optional<int> ready_descriptor, std::string manager,
              const std::string& watchdog_usec = {});

  /// False: no such descriptor is open for writing.
  bool is_usable() const;
  /// Once: "ready" to the descriptor, which is closed then, and READY=1.
  void ready();
  void stopping();

  /// How often the manager wants to hear of us (WATCHDOG_USEC); empty: not at all.
  std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }
  void alive();
  /// Somebody hears what is told below.
  bool has_manager() const { return !manager_.empty(); }
  /// A line for who asks the manager; the same one is told once.
  void status(const std::string& line);

 private:
  void send(const std::string& state) const;

  std::optional<int> descriptor_;
  std::string manager_;
  std::optional<std::chrono::microseconds> watchdog_;
  std::string status_;
};

}  // namespace gof::os
