#include "secure/numbers.hpp"
#include "secure/raw_peer.hpp"
#include "secure/tls.hpp"
#include "support/hex.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gof::secure {
namespace {

using state = tls::state;
using testing::HasSubstr;

struct Tls_hostile : testing::Test {
  numbers random;
  identity self = identity::generate(random);
  raw_certificate right{"ED25519"};

  /// Connects our end with a raw peer in the other role; the outcome at our end.
  state outcome;
  std::string failure;
  void meet(side role, const raw_certificate& shown, const raw_peer::settings& change = {}) {
    tls ours(self, role);
    raw_peer theirs(role == side::client ? side::server : side::client, shown, change);
    talk(ours, theirs);
    outcome = ours.status();
    failure = ours.failure();
  }
};

constexpr side roles[] = {side::client, side::server};

TEST_F(Tls_hostile, peer_that_behaves_is_taken) {
  for (const auto role : roles) {
    meet(role, right);
    EXPECT_EQ(outcome, state::done) << failure;
  }
}

TEST_F(Tls_hostile, certificate_counts_for_its_key_alone) {
  const raw_certificate someone("ED25519");
  raw_certificate odd("ED25519", someone.key.get());  // signed by another key
  X509_gmtime_adj(X509_getm_notAfter(odd.certificate.get()), -1800);
  X509_sign(odd.certificate.get(), someone.key.get(), nullptr);
  for (const auto role : roles) {
    meet(role, odd);
    EXPECT_EQ(outcome, state::done) << failure;
  }
}

TEST_F(Tls_hostile, peer_with_another_kind_of_key_is_refused) {
  for (const auto role : roles)
    for (const char* kind : {"RSA", "EC", "ED448"}) {
      meet(role, raw_certificate(kind));
      EXPECT_EQ(outcome, state::failed) << kind;
    }
}

TEST_F(Tls_hostile, peer_with_two_certificates_is_refused) {
  const raw_certificate second("ED25519");
  for (const auto role : roles) {
    meet(role, right, [&](SSL_CTX* context) { SSL_CTX_add1_chain_cert(context, second.certificate.get()); });
    EXPECT_EQ(outcome, state::failed);
    EXPECT_THAT(failure, HasSubstr("more than one certificate"));
  }
}

TEST_F(Tls_hostile, certificate_list_beyond_the_limit_is_refused) {
  for (const auto role : roles) {
    meet(role, right, [&](SSL_CTX* context) {
      for (int i = 0; i < 10; ++i) SSL_CTX_add1_chain_cert(context, right.certificate.get());
    });
    EXPECT_EQ(outcome, state::failed);
    EXPECT_THAT(failure, HasSubstr("excessive message size"));
  }
}

TEST_F(Tls_hostile, client_without_a_certificate_is_refused) {
  tls server(self, side::server);
  raw_peer client(side::client, right, [](SSL_CTX* context) {
    SSL_CTX_set_cert_cb(
        context, [](SSL* ssl, void*) { return SSL_certs_clear(ssl), 1; }, nullptr);
  });
  talk(server, client);
  EXPECT_EQ(server.status(), state::failed);
  EXPECT_THAT(server.failure(), HasSubstr("did not return a certificate"));
}

TEST_F(Tls_hostile, peer_of_an_older_protocol_is_refused) {
  for (const auto role : roles) {
    meet(role, right, [](SSL_CTX* context) { SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION); });
    EXPECT_EQ(outcome, state::failed);
  }
}

TEST_F(Tls_hostile, peer_with_other_suites_or_groups_is_refused) {
  for (const auto role : roles) {
    meet(role, right, [](SSL_CTX* context) { SSL_CTX_set_ciphersuites(context, "TLS_AES_256_GCM_SHA384"); });
    EXPECT_EQ(outcome, state::failed);
    meet(role, right, [](SSL_CTX* context) { SSL_CTX_set1_groups_list(context, "P-256"); });
    EXPECT_EQ(outcome, state::failed);
  }
}

TEST_F(Tls_hostile, servers_refusal_reaches_a_client_that_was_done) {
  tls client(self, side::client);
  raw_peer server(side::server, right, [](SSL_CTX* context) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 0; });
  });
  server.handle_bytes(client.poll_bytes());
  EXPECT_EQ(client.handle_bytes(server.poll_bytes()), state::done);
  server.handle_bytes(client.poll_bytes());
  const auto alert = server.poll_bytes();
  ASSERT_FALSE(alert.empty());
  EXPECT_EQ(client.handle_bytes(alert), state::failed);
  EXPECT_THAT(client.failure(), HasSubstr("alert"));
}

TEST_F(Tls_hostile, our_refusal_reaches_the_client_as_an_alert) {
  const raw_certificate second("ED25519");
  tls server(self, side::server);
  raw_peer client(side::client, right,
                  [&](SSL_CTX* context) { SSL_CTX_add1_chain_cert(context, second.certificate.get()); });
  server.handle_bytes(client.poll_bytes());
  client.handle_bytes(server.poll_bytes());
  EXPECT_EQ(server.handle_bytes(client.poll_bytes()), state::failed);
  const auto alert = server.poll_bytes();
  ASSERT_FALSE(alert.empty());
  client.handle_bytes(alert);
  EXPECT_EQ(SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN);
}

/// Finishes a handshake with a raw peer, which then does something wrong.
template <class Deed>
state after_done(const identity& self, side role, const raw_certificate& shown, Deed deed) {
  tls ours(self, role);
  raw_peer theirs(role == side::client ? side::server : side::client, shown);
  talk(ours, theirs);
  EXPECT_EQ(ours.status(), state::done) << ours.failure();
  EXPECT_TRUE(theirs.finished());
  deed(theirs.ssl());
  return ours.handle_bytes(theirs.poll_bytes());
}

TEST_F(Tls_hostile, application_data_after_the_end_is_a_failure) {
  for (const auto role : roles)
    EXPECT_EQ(after_done(self, role, right, [](SSL* ssl) { EXPECT_EQ(SSL_write(ssl, "x", 1), 1); }),
              state::failed);
}

TEST_F(Tls_hostile, key_update_after_the_end_is_a_failure) {
  for (const auto role : roles)
    for (const int kind : {SSL_KEY_UPDATE_REQUESTED, SSL_KEY_UPDATE_NOT_REQUESTED})
      EXPECT_EQ(after_done(self, role, right,
                           [kind](SSL* ssl) {
                             EXPECT_EQ(SSL_key_update(ssl, kind), 1);
                             EXPECT_EQ(SSL_do_handshake(ssl), 1);
                           }),
                state::failed);
}

TEST_F(Tls_hostile, close_notify_after_the_end_is_a_failure) {
  for (const auto role : roles)
    EXPECT_EQ(after_done(self, role, right, [](SSL* ssl) { SSL_shutdown(ssl); }), state::failed);
}

TEST_F(Tls_hostile, session_ticket_after_the_end_is_a_failure) {
  meet(side::client, right, [](SSL_CTX* context) { SSL_CTX_set_num_tickets(context, 1); });
  EXPECT_EQ(outcome, state::failed);
  EXPECT_THAT(failure, HasSubstr("after the handshake"));
}

TEST_F(Tls_hostile, bytes_beyond_the_limit_are_a_failure_at_once) {
  for (const auto role : roles) {
    tls ours(self, role);
    // The head of a record of 16 KiB, so that OpenSSL would wait for its rest.
    EXPECT_EQ(ours.handle_bytes(hex("1603014000")), state::running);
    EXPECT_EQ(ours.handle_bytes(bytes(tls::handshake_limit - 5)), state::running);
    EXPECT_EQ(ours.handle_bytes(bytes(1)), state::failed);
    EXPECT_FALSE(ours.failure().empty());
  }
}

TEST_F(Tls_hostile, bytes_beyond_the_limit_in_one_go_are_a_failure) {
  tls ours(self, side::server);
  EXPECT_EQ(ours.handle_bytes(bytes(tls::handshake_limit + 1)), state::failed);
  EXPECT_EQ(ours.handle_bytes(bytes(1)), state::failed);
}

TEST_F(Tls_hostile, garbage_fails_within_the_limit_and_is_never_done) {
  for (const auto role : roles)
    for (int i = 0; i < 200; ++i) {
      tls ours(self, role);
      auto garbage = random.some(tls::handshake_limit + 1);
      if (random.happens(50)) {  // make it look like the record of a handshake
        const auto head = hex("1603010020");
        std::copy(head.begin(), head.end(), garbage.begin());
      }
      for (std::size_t at = 0; at < garbage.size(); at += 512) {
        const auto size = std::min<std::size_t>(512, garbage.size() - at);
        ASSERT_NE(ours.handle_bytes(const_bytes(garbage).subspan(at, size)), state::done);
      }
      EXPECT_EQ(ours.status(), state::failed);
    }
}

}  // namespace
}  // namespace gof::secure
