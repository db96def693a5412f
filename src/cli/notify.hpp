#pragma once

#include <optional>
#include <string>

namespace gof::cli {

/// Tells whoever started the program how far it is: --ready-fd, and the service manager (sd_notify(3)).
class notifier {
 public:
  /// `manager`: NOTIFY_SOCKET; empty: there is none.
  notifier(std::optional<int> ready_descriptor, std::string manager);

  /// False: no such descriptor is open for writing.
  bool is_usable() const;
  /// Once: "ready" to the descriptor, which is closed then, and READY=1.
  void ready();
  void stopping();

 private:
  void send(const std::string& state) const;

  std::optional<int> descriptor_;
  std::string manager_;
};

}  // namespace gof::cli
