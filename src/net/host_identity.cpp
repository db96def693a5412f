#include "net/host_identity.hpp"

#include "base/hex.hpp"
#include "wire/writer.hpp"

#include <fstream>
#include <string>
#include <sys/stat.h>

namespace gof::net {
namespace {

constexpr std::size_t boot_id_size = 16;

/// The 32 hexadecimal digits of the boot id as 16 bytes; empty if the file has anything else.
bytes boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  if (!std::getline(file, text)) return {};
  std::erase(text, '-');
  if (text.size() != 2 * boot_id_size) return {};
  return from_hex(text).value_or(bytes());
}

}  // namespace

host_id host_identity() {
  auto whole = boot_id();
  struct stat space {};
  if (whole.empty() || ::stat("/proc/self/ns/net", &space) != 0) return {};
  wire::writer(whole).u64(space.st_dev).u64(space.st_ino);
  static_assert(boot_id_size + 8 + 8 == host_id::size);
  return host_id(whole);
}

}  // namespace gof::net
