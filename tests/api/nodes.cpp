#include "world.hpp"

#include <filesystem>

using namespace gof;
using gof::testing::outcome;
using gof::testing::world;
using namespace std::chrono_literals;
using boost::system::error_code;

TEST(Node, a_second_io_context_is_refused_while_the_first_is_in_use) {
  boost::asio::io_context one, two;
  {
    const node first(one, {});
    try {
      const node second(two, {});
      FAIL() << "a second loop was accepted";
    } catch (const boost::system::system_error& e) {
      EXPECT_EQ(e.code(), errc::another_loop);
    }
    const node beside(one, {});
  }
  const node after(two, {});
}

TEST(Node, a_ticket_of_another_mesh_is_refused) {
  world w;
  auto options = w.server_options;
  options.network_key->fill(9);
  node stranger(w.io, options);
  error_code error;
  w.client->use(w.make_ticket(stranger, "127.0.0.1:1"), error);
  EXPECT_EQ(error, errc::bad_ticket);
}

TEST(Node, a_guest_neither_listens_nor_issues) {
  world w;
  error_code error;
  w.client->listen({boost::asio::ip::address_v4::loopback(), 0}, error);
  EXPECT_EQ(error, errc::not_allowed);
  EXPECT_FALSE(w.client->issue(w.granted, {{"echo", 0}}, {}, error));
  EXPECT_EQ(error, errc::not_allowed);
}

TEST(Node, issues_no_ticket_for_names_and_addresses_that_none_takes) {
  world w;
  error_code error;
  EXPECT_FALSE(w.server->issue(w.granted, {{"No Name", 0}}, {}, error));
  EXPECT_EQ(error, errc::bad_ticket);
  for (const auto* address : {"nowhere", "host:0", "host:99999", ":1"}) {
    EXPECT_FALSE(w.server->issue(w.granted, {{"echo", 0}}, {address}, error)) << address;
    EXPECT_EQ(error, errc::bad_ticket) << address;
  }
  EXPECT_FALSE(w.server->issue(w.granted, {{"echo", 0}}, {"a:1", "a:2", "a:3", "a:4", "a:5"}, error));
  const auto good = w.server->issue(w.granted, {{"echo", 7}}, {"a:1", "[::1]:2"}, error);
  ASSERT_TRUE(good) << error.message();
  std::string why;
  const auto read = ticket::parse(good->text(), why);
  ASSERT_TRUE(read) << why;
  EXPECT_EQ(read->issuer(), w.server->id());
  EXPECT_EQ(read->addresses(), (std::vector<std::string>{"a:1", "[::1]:2"}));
  ASSERT_EQ(read->services().size(), 1u);
  EXPECT_EQ(read->services()[0].name, "echo");
  EXPECT_EQ(read->services()[0].port_hint, 7);
  EXPECT_EQ(read->text(), good->text());
}

TEST(Node, a_taken_port_is_told_and_nothing_changes) {
  world w;
  error_code error;
  w.server->listen(w.at, error);
  EXPECT_EQ(error, boost::asio::error::address_in_use);
  acceptor from(*w.server);
  auto pair = w.join(from);
  EXPECT_TRUE(pair.first.is_open());
}

TEST(Node, listens_on_ipv6_alone_where_asked) {
  world w;
  error_code error;
  const auto at = w.server->listen({boost::asio::ip::address_v6::any(), 0}, error);
  if (error == boost::system::errc::address_family_not_supported) GTEST_SKIP() << "no IPv6 here";
  ASSERT_FALSE(error) << error.message();
  const auto beside = w.server->listen({boost::asio::ip::address_v4::any(), at.port()}, error);
  EXPECT_FALSE(error) << error.message();
  EXPECT_EQ(beside.port(), at.port());
}

TEST(Node, an_unknown_peer_has_no_path_within_the_connect_timeout) {
  world w(300ms);
  stream near(*w.client);
  EXPECT_EQ(w.connect(near, {identity::generate().id(), "echo"}), errc::no_path);
  EXPECT_EQ(w.probe({identity::generate().id(), "echo"}), errc::no_path);
}

TEST(Node, issuer_that_is_not_in_the_mesh_behind_the_address_is_told_as_such) {
  world w;
  auto options = w.server_options;
  options.identity = identity::generate();
  const node other(w.io, options);
  node client(w.io, w.client_options);
  error_code error;
  client.use(w.make_ticket(other, "127.0.0.1:" + std::to_string(w.at.port())), error);
  ASSERT_FALSE(error);
  const auto news = w.next_event(client, node_event::kind::unreachable);
  EXPECT_EQ(news.error, errc::no_path);
  EXPECT_EQ(news.peer, other.id());
  EXPECT_NE(news.detail.find("the peer is not in it"), std::string::npos) << news.detail;
}

TEST(Node, an_address_that_nobody_answers_is_told_with_the_systems_words) {
  world w;
  const auto closed = "127.0.0.1:" + std::to_string(w.at.port());
  w.server.reset();
  node client(w.io, w.client_options);
  auto issuer = node(w.io, w.server_options).id();
  node again(w.io, w.server_options);
  error_code error;
  client.use(w.make_ticket(again, closed), error);
  const auto news = w.next_event(client, node_event::kind::unreachable);
  EXPECT_EQ(news.peer, issuer);
  EXPECT_EQ(news.error, errc::no_path);
  EXPECT_NE(news.detail.find(closed), std::string::npos) << news.detail;
  EXPECT_NE(news.detail.find("refused"), std::string::npos) << news.detail;
  EXPECT_GT(news.time, 0ns);
}

TEST(Node, tells_of_links_and_sessions_and_shows_them) {
  world w;
  const auto link = w.next_event(*w.client, node_event::kind::link_up);
  EXPECT_EQ(link.peer, w.server->id());
  EXPECT_EQ(link.node, w.server->node_id());
  EXPECT_EQ(link.detail, "127.0.0.1:" + std::to_string(w.at.port()));
  const auto session = w.next_event(*w.client, node_event::kind::session_up);
  EXPECT_EQ(session.peer, w.server->id());
  EXPECT_EQ(session.name, "server");
  const auto shown = w.client->snapshot();
  ASSERT_EQ(shown.links.size(), 1u);
  EXPECT_TRUE(shown.links[0].dialled);
  EXPECT_EQ(shown.links[0].peer, w.server->id());
  ASSERT_EQ(shown.sessions.size(), 1u);
  EXPECT_TRUE(shown.sessions[0].has_path);
  EXPECT_EQ(shown.sessions[0].node, w.server->node_id());
}

TEST(Node, that_went_and_came_back_on_its_port_is_found_again) {
  world w;
  auto from = std::make_unique<acceptor>(*w.server);
  auto [near, far] = w.join(*from);
  const auto port = w.at.port();
  from.reset();
  w.server.reset();
  EXPECT_EQ(w.read_end(near), errc::shut_down);
  w.start_server(port);
  from = std::make_unique<acceptor>(*w.server);
  auto [again, again_far] = w.join(*from);
  EXPECT_FALSE(w.write(again, "back"));
  EXPECT_EQ(w.read(again_far, 4), "back");
}

TEST(Node, a_stranger_on_the_port_is_told_and_served_nothing) {
  world w;
  boost::asio::ip::tcp::socket knocker(w.io);
  error_code ignored;
  knocker.connect(w.at, ignored);
  const std::string garbage(4096, 'G');
  knocker.send(boost::asio::buffer(garbage), 0, ignored);
  const auto news = w.next_event(*w.server, node_event::kind::stranger);
  EXPECT_EQ(news.detail, "127.0.0.1:" + std::to_string(knocker.local_endpoint().port()));
  acceptor from(*w.server);
  auto pair = w.join(from);
  EXPECT_TRUE(pair.first.is_open());
}

TEST(Identity, is_made_once_and_read_again) {
  const auto path = std::filesystem::temp_directory_path() / ("gof-api-key-" + std::to_string(::getpid()));
  std::filesystem::remove(path);
  std::string why;
  const auto made = identity::load_or_create(path, why);
  ASSERT_TRUE(made) << why;
  const auto read = identity::load_or_create(path, why);
  ASSERT_TRUE(read) << why;
  EXPECT_EQ(made->id(), read->id());
  EXPECT_EQ(peer::parse(made->id().text()), made->id());
  std::filesystem::resize_file(path, 0);
  EXPECT_FALSE(identity::load_or_create(path, why));
  EXPECT_NE(why.find(path.string()), std::string::npos) << why;
  std::filesystem::remove(path);
}

TEST(Ticket, that_is_none_says_which_part_is_wrong) {
  std::string why;
  EXPECT_FALSE(ticket::parse("hello", why));
  EXPECT_FALSE(why.empty());
}

TEST(Node, a_guest_neither_joins_nor_publishes_nor_issues_join_tickets) {
  world w;
  error_code error;
  w.client->join({"192.0.2.1:9999"}, error);
  EXPECT_EQ(error, errc::not_allowed);
  w.client->publish({{"echo"}, {}}, error);
  EXPECT_EQ(error, errc::not_allowed);
  EXPECT_FALSE(w.client->issue_join({}, error));
  EXPECT_EQ(error, errc::not_allowed);
}

TEST(Node, joins_and_publishes_nothing_that_cannot_be_dialled_or_named) {
  world w;
  error_code error;
  for (const auto* address : {"nowhere", "host:0", "host:99999", ":1"}) {
    w.server->join({address}, error);
    EXPECT_EQ(error, boost::asio::error::invalid_argument) << address;
    w.server->publish({{"echo"}, {address}}, error);
    EXPECT_EQ(error, boost::asio::error::invalid_argument) << address;
    EXPECT_FALSE(w.server->issue_join({address}, error));
    EXPECT_EQ(error, errc::bad_ticket) << address;
  }
  w.server->publish({{"No Name"}, {}}, error);
  EXPECT_EQ(error, boost::asio::error::invalid_argument);
  w.server->publish({std::vector<std::string>(65, "echo"), {}}, error);
  EXPECT_EQ(error, boost::asio::error::invalid_argument);
  w.server->publish({{"echo"}, {"192.0.2.1:9999"}}, error);
  EXPECT_FALSE(error) << error.message();
}

TEST(Node, a_join_ticket_carries_the_network_key_and_where_to_dial) {
  world w;
  error_code error;
  EXPECT_FALSE(w.server->issue_join({"a:1", "a:2", "a:3", "a:4", "a:5"}, error));
  const auto made = w.server->issue_join({"a:1", "[::1]:2"}, error);
  ASSERT_TRUE(made) << error.message();
  std::string why;
  const auto read = join_ticket::parse(made->text(), why);
  ASSERT_TRUE(read) << why;
  EXPECT_EQ(read->issuer(), w.server->id());
  EXPECT_EQ(read->network_key(), *w.server_options.network_key);
  EXPECT_EQ(read->addresses(), (std::vector<std::string>{"a:1", "[::1]:2"}));
  EXPECT_EQ(read->mesh(), w.make_ticket(*w.server, "127.0.0.1:1").mesh());
  EXPECT_FALSE(ticket::parse(made->text(), why));
  EXPECT_NE(why.find("join ticket"), std::string::npos) << why;
}
