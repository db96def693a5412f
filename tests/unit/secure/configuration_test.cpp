#include "secure/numbers.hpp"
#include "secure/protection.hpp"
#include "secure/raw_peer.hpp"
#include "secure/tls.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace gof::secure {
namespace {

/// Set in the process that a test starts with its own openssl.cnf, since OpenSSL reads that file only once.
constexpr const char* child_mark = "GOF_TEST_OPENSSL_CHILD";

void finish_a_handshake_and_seal() {
  numbers random;
  const auto alice = identity::generate(random);
  const auto bob = identity::generate(random);
  tls client(alice, side::client);
  tls server(bob, side::server);
  talk(client, server);
  ASSERT_EQ(client.status(), tls::state::done) << client.failure();
  ASSERT_EQ(server.status(), tls::state::done) << server.failure();
  for (const auto aead : {cipher::aes_128_gcm, cipher::chacha20_poly1305}) {
    bytes packet(100 + tag_size);
    sealer(aead, client.keys().client_to_server).seal(0, {}, const_bytes(packet).first(100), packet);
    ASSERT_TRUE(opener(aead, server.keys().client_to_server).open(0, {}, packet, packet));
  }
}

/// Runs the present test again, in a process of its own with this configuration.
void run_again_under(const std::string& configuration) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto folder = std::filesystem::path(testing::TempDir());
  const auto file = folder / (std::string("gof-") + test->name() + "-" + std::to_string(::getpid()) + ".cnf");
  std::ofstream(file) << configuration;
  const auto program = std::filesystem::read_symlink("/proc/self/exe").string();
  const auto command = std::string(child_mark) + "=1 OPENSSL_CONF='" + file.string() + "' '" + program +
                       "' --gtest_filter=" + test->test_suite_name() + "." + test->name();
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::filesystem::remove(file);
}

bool in_child() {
  return std::getenv(child_mark) != nullptr;
}

TEST(Configuration, of_the_system_cannot_change_a_handshake) {
  if (!in_child()) {
    run_again_under(R"(openssl_conf = start
[start]
ssl_conf = tls
[tls]
system_default = defaults
[defaults]
MinProtocol = TLSv1.3
CipherString = ALL:@SECLEVEL=5
Ciphersuites = TLS_AES_256_GCM_SHA384
Groups = P-521
SignatureAlgorithms = RSA-PSS+SHA512
ClientSignatureAlgorithms = RSA-PSS+SHA512
Options = MiddleboxCompat,ServerPreference
NumTickets = 4
RecordPadding = 4096
VerifyMode = Require
)");
    return;
  }
  std::unique_ptr<SSL_CTX, openssl::freed_by<SSL_CTX_free>> systems(SSL_CTX_new(TLS_method()));
  ASSERT_EQ(SSL_CTX_get_security_level(systems.get()), 5) << "the file was not read";
  ASSERT_EQ(SSL_CTX_get_num_tickets(systems.get()), 4u);
  finish_a_handshake_and_seal();
}

TEST(Configuration, of_the_system_cannot_forbid_what_we_speak) {
  if (!in_child()) {
    run_again_under(R"(openssl_conf = start
[start]
ssl_conf = tls
[tls]
system_default = defaults
[defaults]
MaxProtocol = TLSv1.2
CipherString = ECDHE-RSA-AES256-GCM-SHA384:@SECLEVEL=5
)");
    return;
  }
  std::unique_ptr<SSL_CTX, openssl::freed_by<SSL_CTX_free>> systems(SSL_CTX_new(TLS_method()));
  ASSERT_EQ(SSL_CTX_get_max_proto_version(systems.get()), TLS1_2_VERSION) << "the file was not read";
  finish_a_handshake_and_seal();
}

TEST(Configuration, of_the_system_cannot_take_our_algorithms_away) {
  if (!in_child()) {
    run_again_under(R"(openssl_conf = start
[start]
providers = providers
alg_section = algorithms
[providers]
base = on
[on]
activate = 1
[algorithms]
default_properties = fips=yes
)");
    return;
  }
  OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
  ASSERT_EQ(EVP_MD_fetch(nullptr, "SHA256", nullptr), nullptr) << "the file was not read";
  finish_a_handshake_and_seal();
}

}  // namespace
}  // namespace gof::secure
