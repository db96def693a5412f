#include "world.hpp"

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

/// A world with another member, which joins the server.
struct mesh : world {
  std::unique_ptr<node> member;

  mesh() {
    auto options = client_options;
    options.network_key = network_key;
    options.name = "member";
    member = std::make_unique<node>(io, options);
    error_code error;
    member->join({"127.0.0.1:" + std::to_string(at.port())}, error);
    EXPECT_FALSE(error) << error.message();
  }
  ~mesh() { member.reset(); }
  void reach(const peer& who) {
    error_code error;
    member->reach(who, error);
    EXPECT_FALSE(error) << error.message();
  }
  /// Opens a stream from the member to the server's acceptor. Second: the other end.
  std::pair<stream, stream> open(acceptor& from) {
    stream near(*member);
    outcome<> done;
    near.async_connect(to("echo"), done.plain_handler());
    auto asked = accept(from);
    EXPECT_FALSE(asked.grant()) << "it has no ticket";
    EXPECT_EQ(asked.peer(), member->id());
    auto far = asked.accept();
    EXPECT_TRUE(run_until([&] { return done.times > 0; }));
    EXPECT_FALSE(done.error) << done.error.message();
    return {std::move(near), std::move(far)};
  }
};

}  // namespace

TEST(Reach, a_guest_reaches_nobody_without_a_ticket) {
  world w;
  error_code error;
  w.client->reach(w.server->id(), error);
  EXPECT_EQ(error, errc::not_allowed);
  w.client->close();
  w.client->reach(w.server->id(), error);
  EXPECT_EQ(error, errc::shut_down);
  w.client->drop(w.server->id());
}

TEST(Reach, keeps_a_session_with_a_peer_whose_services_are_asked_for_without_a_ticket) {
  mesh w;
  w.reach(w.server->id());
  const auto up = w.next_event(*w.member, node_event::kind::session_up);
  EXPECT_EQ(up.peer, w.server->id());
  acceptor from(*w.server);
  auto [near, far] = w.open(from);
  w.member->drop(w.server->id());
  EXPECT_FALSE(w.write(near, "goes on"));
  EXPECT_EQ(w.read(far, 7), "goes on");
}

TEST(Reach, tells_of_a_peer_that_is_not_in_the_mesh) {
  mesh w;
  const auto nobody = identity::generate().id();
  w.reach(nobody);
  const auto told = w.next_event(*w.member, node_event::kind::unreachable);
  EXPECT_EQ(told.peer, nobody);
  EXPECT_EQ(told.error, errc::no_path);
  EXPECT_TRUE(told.reached);
  EXPECT_EQ(told.time, 5s);
}

TEST(Drop, lets_the_streams_of_a_ticket_go_on_and_then_its_link_go) {
  world w(1s);
  acceptor from(*w.server);
  auto [near, far] = w.join(from);
  const auto used = w.make_ticket();
  w.client->drop(used);
  w.run_for(1500ms);
  EXPECT_FALSE(w.write(near, "goes on"));
  EXPECT_EQ(w.read(far, 7), "goes on");
  near.close();
  far.close();
  EXPECT_TRUE(w.run_until([&] { return w.client->snapshot().links.empty(); }));
  EXPECT_EQ(w.probe(w.to("echo")), errc::no_path);
  w.client->drop(used);
  w.use(used);
  auto again = w.join(from);
  EXPECT_TRUE(again.first.is_open());
}

TEST(Drop, of_a_closed_node_does_nothing) {
  world w;
  const auto used = w.make_ticket();
  w.client->close();
  w.client->drop(used);
}
