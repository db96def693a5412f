#include "demo/checksum.hpp"

#include "base/hex.hpp"

#include <array>
#include <new>

namespace gof::demo {

checksum::checksum() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
}

void checksum::add(const void* data, std::size_t size) {
  EVP_DigestUpdate(context_.get(), data, size);
}

std::string checksum::text() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
  return to_hex(const_bytes(digest).first(size));
}

}  // namespace gof::demo
