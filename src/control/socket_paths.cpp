#include "control/socket_paths.hpp"

#include "dial/unix_probe.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <unistd.h>

namespace gof::control {

namespace fs = std::filesystem;

fs::path folder(const std::string& xdg_runtime_dir, const std::string& home) {
  if (!xdg_runtime_dir.empty()) return fs::path(xdg_runtime_dir) / "gof";
  if (!home.empty()) return fs::path(home) / ".local/state/gof/run";
  return "/run/gof";
}

fs::path own_socket(const fs::path& folder) {
  return folder / (std::to_string(::getpid()) + ".sock");
}

std::vector<fs::path> live_sockets(const fs::path& folder) {
  std::vector<fs::path> live;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    if (entry.path().extension() != ".sock" || entry.path().native().size() >= 108) continue;
    const auto error = dial::probe_unix(entry.path().string());
    if (!error) {
      live.push_back(entry.path());
    } else if (error == boost::asio::error::connection_refused) {
      std::error_code ignored;
      fs::remove(entry.path(), ignored);
    }
  }
  std::sort(live.begin(), live.end());
  return live;
}

}  // namespace gof::control
