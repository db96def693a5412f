#include "forward/port_holder.hpp"

#include "log/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <unistd.h>

namespace gof::forward {
namespace {

using log::printable;

namespace fs = std::filesystem;
using boost::asio::ip::tcp;

/// The most descriptors to examine; beyond that the holder stays unknown.
constexpr std::size_t most_looked_at = 65'536;

/// An address as in /proc/net/tcp: 32-bit numbers in the machine's byte order.
std::string as_listed(const boost::asio::ip::address& address) {
  std::string text;
  const auto add = [&text](const unsigned char* from) {
    std::uint32_t number = 0;
    std::memcpy(&number, from, sizeof number);
    std::array<char, 9> digits{};
    std::snprintf(digits.data(), digits.size(), "%08X", number);
    text += digits.data();
  };
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    add(bytes.data());
  } else {
    const auto bytes = address.to_v6().to_bytes();
    for (std::size_t i = 0; i < bytes.size(); i += 4) add(bytes.data() + i);
  }
  return text;
}

bool is_everywhere(std::string_view listed) {
  return listed.find_first_not_of('0') == listed.npos;
}

/// The inode of a socket that listens at `at`. Either of the two may mean every address of the port.
std::optional<std::string> listener_in(const char* table, const tcp::endpoint& at) {
  constexpr std::string_view listening = "0A";
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);  // the heading
  const auto wanted = as_listed(at.address());
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string number, local, remote, state, queues, timer, tries, user, timeout, inode;
    fields >> number >> local >> remote >> state >> queues >> timer >> tries >> user >> timeout >> inode;
    const auto colon = local.find(':');
    if (!fields || state != listening || colon == local.npos) continue;
    std::uint16_t port = 0;
    std::from_chars(local.data() + colon + 1, local.data() + local.size(), port, 16);
    const auto address = std::string_view(local).substr(0, colon);
    if (port == at.port() && (address == wanted || is_everywhere(address) || is_everywhere(wanted)))
      return inode;
  }
  return std::nullopt;
}

bool holds(const fs::path& process, const std::string& socket, std::size_t& left) {
  std::error_code error;
  for (fs::directory_iterator one(process / "fd", error), end; !error && one != end; one.increment(error)) {
    if (left == 0) return false;
    --left;
    std::error_code gone;
    if (fs::read_symlink(one->path(), gone) == socket) return true;
  }
  return false;
}

}  // namespace

std::string holder_of(const tcp::endpoint& at) {
  constexpr const char* tables[] = {"/proc/net/tcp", "/proc/net/tcp6"};
  // A socket on every address may be of the other family.
  auto inode = listener_in(tables[at.address().is_v6() ? 1 : 0], at);
  if (!inode) inode = listener_in(tables[at.address().is_v6() ? 0 : 1], at);
  if (!inode) return {};
  const auto socket = "socket:[" + *inode + ']';
  std::size_t left = most_looked_at;
  std::error_code error;
  for (fs::directory_iterator one("/proc", error), end; !error && one != end; one.increment(error)) {
    const auto pid = one->path().filename().string();
    if (!std::all_of(pid.begin(), pid.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
    if (!holds(one->path(), socket, left)) continue;
    if (pid == std::to_string(::getpid())) return std::string(this_process);
    std::ifstream file(one->path() / "comm");
    std::string name;
    std::getline(file, name);
    return printable(name) + ", pid " + pid;
  }
  return {};
}

}  // namespace gof::forward
