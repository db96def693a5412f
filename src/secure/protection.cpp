#include "secure/protection.hpp"

#include "secure/openssl.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <cassert>
#include <climits>

namespace gof::secure {
namespace {

using openssl::must;

constexpr std::size_t aes_128_key_size = 16;
using nonce = std::array<std::uint8_t, 12>;

/// Parts of a packet up to this size are copied together before they are encrypted: each further call of
/// OpenSSL costs 10 to 40 ns, and splits a block if the part before it ends inside one.
constexpr std::size_t gathered_size = 1024;

const EVP_CIPHER* algorithm(cipher aead) {
  return aead == cipher::aes_128_gcm ? openssl::shared().aes_128_gcm : openssl::shared().chacha20_poly1305;
}

int length(const_bytes data) {
  must(data.size() <= INT_MAX);
  return static_cast<int>(data.size());
}

/// Copies the parts to `out`, one after another, except those that are there already. Returns all as one.
const_bytes gather(std::span<const const_bytes> parts, mutable_bytes out) {
  std::size_t at = 0;
  for (const const_bytes part : parts) {
    if (part.data() != out.data() + at) std::copy_n(part.data(), part.size(), out.data() + at);
    at += part.size();
  }
  return out.first(at);
}

/// One direction's cipher. Its key is scheduled once; a packet sets only the nonce.
struct keyed_cipher {
  openssl::cipher_context_ptr evp;
  secret<12> iv;
  std::array<std::uint8_t, tag_size> tag{};
  OSSL_PARAM tag_access[2];

  keyed_cipher(cipher aead, const direction_keys& keys, bool encrypt)
      : evp(EVP_CIPHER_CTX_new()),
        iv(keys.iv),
        tag_access{OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag.data(), tag.size()),
                   OSSL_PARAM_construct_end()} {
    static_assert(aes_128_key_size <= sizeof(secret32));  // AES uses the first half of it
    must(evp != nullptr && EVP_CipherInit_ex2(evp.get(), algorithm(aead), keys.key.view().data(), nullptr,
                                              encrypt ? 1 : 0, nullptr) == 1);
  }
  keyed_cipher(const keyed_cipher&) = delete;  // tag_access points into this object
  keyed_cipher& operator=(const keyed_cipher&) = delete;

  nonce nonce_of(std::uint64_t number) const {
    nonce out;
    std::copy_n(iv.view().begin(), out.size(), out.begin());
    for (std::size_t i = 0; i < 8; ++i)
      out[out.size() - 1 - i] ^= static_cast<std::uint8_t>(number >> (8 * i));
    return out;
  }
};

}  // namespace

struct sealer::context : keyed_cipher {
  using keyed_cipher::keyed_cipher;
};

struct opener::context : keyed_cipher {
  using keyed_cipher::keyed_cipher;
};

sealer::sealer(cipher aead, const direction_keys& keys)
    : context_(std::make_unique<context>(aead, keys, true)) {}
sealer::~sealer() = default;
sealer::sealer(sealer&&) noexcept = default;
sealer& sealer::operator=(sealer&&) noexcept = default;

void sealer::seal(std::uint64_t number, const_bytes associated, std::span<const const_bytes> plain,
                  mutable_bytes out) {
  std::size_t size = 0;
  for (const const_bytes part : plain) size += part.size();
  must(out.size() == size + tag_size);
  const_bytes whole;
  if (plain.size() > 1 && size <= gathered_size) {
    whole = gather(plain, out);
    plain = std::span(&whole, 1);
  }

  EVP_CIPHER_CTX* evp = context_->evp.get();
  const auto nonce = context_->nonce_of(number);
  int written = 0;
  must(EVP_EncryptInit_ex2(evp, nullptr, nullptr, nonce.data(), nullptr) == 1);
  if (!associated.empty())
    must(EVP_EncryptUpdate(evp, nullptr, &written, associated.data(), length(associated)) == 1);
  std::size_t at = 0;
  for (const const_bytes part : plain) {
    if (part.empty()) continue;
    must(EVP_EncryptUpdate(evp, out.data() + at, &written, part.data(), length(part)) == 1);
    at += part.size();
  }
  must(EVP_EncryptFinal_ex(evp, out.data() + at, &written) == 1 && written == 0);
  must(EVP_CIPHER_CTX_get_params(evp, context_->tag_access) == 1);
  std::copy_n(context_->tag.begin(), tag_size, out.data() + at);
}

void sealer::seal(std::uint64_t number, const_bytes associated, const_bytes plain, mutable_bytes out) {
  seal(number, associated, std::span(&plain, 1), out);
}

opener::opener(cipher aead, const direction_keys& keys)
    : context_(std::make_unique<context>(aead, keys, false)) {}
opener::~opener() = default;
opener::opener(opener&&) noexcept = default;
opener& opener::operator=(opener&&) noexcept = default;

bool opener::open(std::uint64_t number, const_bytes associated, const_bytes sealed, mutable_bytes out) {
  if (sealed.size() < tag_size) return false;
  const auto body = sealed.first(sealed.size() - tag_size);
  must(out.size() >= body.size());
  std::copy_n(sealed.end() - tag_size, tag_size, context_->tag.begin());

  EVP_CIPHER_CTX* evp = context_->evp.get();
  const auto nonce = context_->nonce_of(number);
  int written = 0;
  must(EVP_DecryptInit_ex2(evp, nullptr, nullptr, nonce.data(), nullptr) == 1);
  must(EVP_CIPHER_CTX_set_params(evp, context_->tag_access) == 1);
  if (!associated.empty())
    must(EVP_DecryptUpdate(evp, nullptr, &written, associated.data(), length(associated)) == 1);
  if (!body.empty()) must(EVP_DecryptUpdate(evp, out.data(), &written, body.data(), length(body)) == 1);
  std::array<std::uint8_t, tag_size> none;  // an AEAD writes nothing at the end
  return EVP_DecryptFinal_ex(evp, none.data(), &written) == 1;
}

}  // namespace gof::secure
