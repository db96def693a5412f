#include "secure/tls.hpp"

#include "secure/handshake_settings.hpp"
#include "secure/material.hpp"

#include <openssl/err.h>

#include <cassert>

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace gof::secure {
namespace {

constexpr std::string_view keys_label = "EXPORTER-gof-v1";
constexpr std::string_view ports_label = "EXPORTER-gof-ports";

/// OpenSSL's words for the oldest queued error, which is the cause. Clears the queue.
std::string openssl_failure() {
  const char* detail = nullptr;
  int flags = 0;
  const auto code = ERR_get_error_all(nullptr, nullptr, nullptr, &detail, &flags);
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string words = reason != nullptr ? reason : "the handshake broke off";
  if ((flags & ERR_TXT_STRING) != 0 && detail != nullptr && *detail != '\0') {
    words += ": ";
    words += detail;
  }
  ERR_clear_error();
  return words;
}

}  // namespace

bool aes_hardware() {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_cpu_supports("aes") != 0 && __builtin_cpu_supports("pclmul") != 0;
#elif defined(__aarch64__) && defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_AES) != 0 && (getauxval(AT_HWCAP) & HWCAP_PMULL) != 0;
#elif defined(__aarch64__) && defined(__APPLE__)
  return true;
#else
  return false;
#endif
}

struct tls::engine {
  openssl::ssl_ptr ssl;
  BIO* in = nullptr;  // ssl owns both
  BIO* out = nullptr;
  side role;
  peer_id self;
  state now = state::running;
  std::size_t taken = 0;
  bool late_message = false;  ///< a handshake message or an alert arrived after the end
  std::string failure;
  verdict judged;
  session_keys keys;

  engine(const identity& identity, side as, bool with_aes);

  state fail(std::string why);
  state feed(const_bytes data);
  void advance();
  void watch_after_done();
  bool derive_keys();
  bool derive(std::string_view label, mutable_bytes to);

  static void see_message(int written, int version, int type, const void* data, std::size_t size, SSL* ssl,
                          void* self);
};

tls::engine::engine(const identity& identity, side as, bool with_aes) : role(as), self(identity.id()) {
  ERR_clear_error();
  SSL_CTX* settings = handshake_settings();
  if (settings != nullptr) ssl.reset(SSL_new(settings));
  if (ssl == nullptr) {
    fail(openssl_failure());
    return;
  }
  in = BIO_new(BIO_s_mem());
  out = BIO_new(BIO_s_mem());
  openssl::must(in != nullptr && out != nullptr);
  SSL_set_bio(ssl.get(), in, out);
  SSL_set_app_data(ssl.get(), &judged);
  SSL_set_msg_callback(ssl.get(), see_message);
  SSL_set_msg_callback_arg(ssl.get(), this);
  const auto& mine = identity.parts();
  if (SSL_use_certificate(ssl.get(), mine.certificate.get()) != 1 ||
      SSL_use_PrivateKey(ssl.get(), mine.key.get()) != 1 ||
      (!with_aes && SSL_set_ciphersuites(ssl.get(), "TLS_CHACHA20_POLY1305_SHA256") != 1)) {
    fail(openssl_failure());
    return;
  }
  if (role == side::client)
    SSL_set_connect_state(ssl.get());
  else
    SSL_set_accept_state(ssl.get());
  advance();
}

tls::state tls::engine::fail(std::string why) {
  now = state::failed;
  failure = std::move(why);
  return now;
}

tls::state tls::engine::feed(const_bytes data) {
  if (now == state::failed || data.empty()) return now;
  if (data.size() > handshake_limit - taken) return fail("the handshake is longer than any honest one");
  taken += data.size();
  openssl::must(BIO_write(in, data.data(), static_cast<int>(data.size())) == static_cast<int>(data.size()));
  if (now == state::running)
    advance();
  else
    watch_after_done();
  return now;
}

void tls::engine::advance() {
  ERR_clear_error();
  const int outcome = SSL_do_handshake(ssl.get());
  if (outcome == 1) {
    if (!derive_keys()) {
      fail(openssl_failure());
      return;
    }
    now = state::done;
    watch_after_done();
    return;
  }
  if (SSL_get_error(ssl.get(), outcome) == SSL_ERROR_WANT_READ) return;
  auto why = openssl_failure();
  fail(judged.refusal.empty() ? std::move(why) : std::move(judged.refusal));
}

/// After the handshake TLS carries only the alert of a server that refuses its client.
void tls::engine::watch_after_done() {
  ERR_clear_error();
  std::uint8_t unexpected = 0;
  const int outcome = SSL_read(ssl.get(), &unexpected, 1);
  if (outcome > 0) {
    fail("data came where only keys were wanted");
    return;
  }
  if (SSL_get_error(ssl.get(), outcome) != SSL_ERROR_WANT_READ) {
    fail(openssl_failure());
  } else if (late_message) {
    fail("a message came after the handshake");
  }
}

bool tls::engine::derive(std::string_view label, mutable_bytes to) {
  const auto& client = role == side::client ? self : keys.peer;
  const auto& server = role == side::client ? keys.peer : self;
  bytes context(client.value.begin(), client.value.end());
  append(context, server.view());
  return SSL_export_keying_material(ssl.get(), to.data(), to.size(), label.data(), label.size(),
                                    context.data(), context.size(), 1) == 1;
}

bool tls::engine::derive_keys() {
  static_assert(32 + 12 + 32 + 12 + 32 == 120);
  openssl::must(judged.peer.has_value());
  keys.peer = *judged.peer;
  secret<120> material;
  if (!derive(keys_label, material.writable()) || !derive(ports_label, keys.port_bits)) return false;
  auto rest = material.view();
  const auto take = [&rest](mutable_bytes to) {
    std::copy_n(rest.begin(), to.size(), to.begin());
    rest = rest.subspan(to.size());
  };
  take(keys.client_to_server.key.writable());
  take(keys.client_to_server.iv.writable());
  take(keys.server_to_client.key.writable());
  take(keys.server_to_client.iv.writable());
  take(keys.proof.writable());
  const auto suite = SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(ssl.get()));
  constexpr std::uint16_t aes_128_gcm_suite = 0x1301;
  keys.aead = suite == aes_128_gcm_suite ? cipher::aes_128_gcm : cipher::chacha20_poly1305;
  return true;
}

void tls::engine::see_message(int written, int, int type, const void*, std::size_t, SSL*, void* self) {
  if (written != 0 || static_cast<engine*>(self)->now != state::done) return;
  if (type == SSL3_RT_HANDSHAKE || type == SSL3_RT_ALERT) static_cast<engine*>(self)->late_message = true;
}

tls::tls(const identity& self, side role, bool with_aes)
    : engine_(std::make_unique<engine>(self, role, with_aes)) {}
tls::~tls() = default;
tls::tls(tls&&) noexcept = default;
tls& tls::operator=(tls&&) noexcept = default;

tls::state tls::handle_bytes(const_bytes data) {
  return engine_->feed(data);
}

bytes tls::poll_bytes() {
  if (engine_->out == nullptr) return {};
  bytes taken(BIO_ctrl_pending(engine_->out));
  if (!taken.empty())
    openssl::must(BIO_read(engine_->out, taken.data(), static_cast<int>(taken.size())) ==
                  static_cast<int>(taken.size()));
  return taken;
}

tls::state tls::status() const {
  return engine_->now;
}

const std::string& tls::failure() const {
  return engine_->failure;
}

const session_keys& tls::keys() const {
  assert(engine_->now == state::done);
  return engine_->keys;
}

}  // namespace gof::secure
