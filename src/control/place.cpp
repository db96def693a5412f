#include "control/place.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

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
  using protocol = boost::asio::local::stream_protocol;
  std::vector<fs::path> live;
  std::error_code unreadable;
  boost::asio::io_context io;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    if (entry.path().extension() != ".sock" || entry.path().native().size() >= 108) continue;
    protocol::socket probe(io);
    boost::system::error_code error;
    probe.connect(protocol::endpoint(entry.path().string()), error);
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
