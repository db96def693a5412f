#pragma once

#include <openssl/evp.h>

#include <cstddef>
#include <memory>
#include <string>

namespace gof::demo {

/// SHA-256 of data that arrives in pieces.
class checksum {
 public:
  checksum();

  void add(const void* data, std::size_t size);
  /// Hexadecimal; nothing may be added after this.
  std::string text();

 private:
  struct deleter {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, deleter> context_;
};

}  // namespace gof::demo
