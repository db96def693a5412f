// What openings say of connections on one host, and to whom.
#include "scenario.hpp"

namespace gof::test {
namespace {

const host_id here(bytes(host_id::size, 1));
const host_id elsewhere(bytes(host_id::size, 2));

/// Which hosts the two nodes run on, as far as they know, and whether the direct path is the only one.
struct Host : scenario {
  void start_on(const host_id& server_host, const host_id& client_host, bool relayed) {
    w.next_host = server_host;
    server = &w.add_member("server");
    w.next_host = client_host;
    client = &w.add_guest("client");
    w.next_host = {};
    grant = w.ticket(*server, {"web"});
    if (relayed) {
      auto& relay = w.add_member("relay");
      w.join(*server, relay);
      grant.addresses = {{relay.name(), relay.port()}};
      w.cut(*server, *client);
    }
    said.allow(*server, grant);
    ASSERT_FALSE(client->node().add_ticket(w.now(), grant));
    w.kick(*client);
  }
  const core::stream_incoming* asked(bool probe) {
    const auto before = server->count<core::stream_incoming>();
    if (probe)
      client->node().probe(w.now(), grant.issuer, "web", options);
    else
      client->node().open(w.now(), grant.issuer, "web", options);
    w.kick(*client);
    EXPECT_TRUE(w.run(10s, [&] { return server->count<core::stream_incoming>() > before; }));
    return server->last<core::stream_incoming>();
  }

  wire::open_options options = [] {
    wire::open_options made;
    made.client = {false, {127, 0, 0, 1}, 40'000};
    made.listeners = {{false, {127, 0, 0, 1}, 5055}};
    return made;
  }();
};

struct Together : Host, ::testing::WithParamInterface<bool> {};

TEST_P(Together, on_one_host_they_say_which_connection_it_is) {
  start_on(here, here, GetParam());
  // The first is opened before there is a session.
  for (const bool probe : {false, true, false}) EXPECT_EQ(asked(probe)->options, options);
}

INSTANTIATE_TEST_SUITE_P(Relayed, Together, ::testing::Values(false, true));

struct Apart : Host, ::testing::WithParamInterface<std::tuple<std::pair<host_id, host_id>, bool>> {};

TEST_P(Apart, elsewhere_or_nobody_knows_where_they_say_nothing) {
  const auto& [hosts, relayed] = GetParam();
  start_on(hosts.first, hosts.second, relayed);
  for (const bool probe : {false, true}) EXPECT_TRUE(asked(probe)->options.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Relayed, Apart,
    ::testing::Combine(::testing::Values(std::pair(here, elsewhere), std::pair(here, host_id()),
                                         std::pair(host_id(), here), std::pair(host_id(), host_id())),
                       ::testing::Values(false, true)));

TEST_F(Host, is_known_again_in_a_new_session) {
  start_on(here, here, false);
  EXPECT_EQ(asked(false)->options, options);
  kill(*server);
  w.restart(*server);
  w.run(10s);
  EXPECT_EQ(asked(false)->options, options);
}

}  // namespace
}  // namespace gof::test
