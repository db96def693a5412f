#include "secure/secret.hpp"

#include <openssl/crypto.h>

namespace gof::secure {

void wipe(void* data, std::size_t size) {
  OPENSSL_cleanse(data, size);
}

}  // namespace gof::secure
