// Asio's TLS over a stream, for which AsyncReadStream, AsyncWriteStream and lowest_layer() exist.
#include "world.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <openssl/evp.h>
#include <openssl/x509.h>

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
namespace ssl = boost::asio::ssl;

namespace {

/// A certificate without a name, since only the handshake matters.
void certify(ssl::context& context) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  ASSERT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  ASSERT_EQ(SSL_CTX_use_certificate(context.native_handle(), certificate.get()), 1);
  ASSERT_EQ(SSL_CTX_use_PrivateKey(context.native_handle(), key.get()), 1);
}

}  // namespace

TEST(Tls, shakes_hands_and_talks_over_a_stream) {
  world w;
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  ssl::context server_context(ssl::context::tls_server), client_context(ssl::context::tls_client);
  certify(server_context);
  ssl::stream<stream> server(std::move(far), server_context), client(std::move(near), client_context);
  outcome<> served, met;
  server.async_handshake(ssl::stream_base::server, served.plain_handler());
  client.async_handshake(ssl::stream_base::client, met.plain_handler());
  ASSERT_TRUE(w.run_until([&] { return served.times && met.times; }));
  EXPECT_FALSE(served.error) << served.error.message();
  ASSERT_FALSE(met.error) << met.error.message();
  outcome<> written, read;
  const std::string words = "twice sealed";
  std::string got(words.size(), '\0');
  boost::asio::async_write(client, boost::asio::buffer(words), written.handler());
  boost::asio::async_read(server, boost::asio::buffer(got), read.handler());
  ASSERT_TRUE(w.run_until([&] { return written.times && read.times; }));
  EXPECT_EQ(got, words);
  EXPECT_TRUE(client.lowest_layer().is_open());
}
