#include "forward/listener.hpp"

#include "forward/port_holder.hpp"
#include "forward/tcp_ends.hpp"
#include "loopback.hpp"

#include <boost/asio/ip/v6_only.hpp>

namespace gof::forward {
namespace {

namespace ip = boost::asio::ip;

class Listener : public ::testing::Test {
 protected:
  result<std::shared_ptr<listener>> open(const std::string& word) {
    const auto read = spec::parse(std::vector{word});
    EXPECT_TRUE(read) << read.error().what;
    return listener::open(io.get_executor(), log, read->front().local);
  }
  std::shared_ptr<listener> opened(const std::string& word) {
    auto made = open(word);
    EXPECT_TRUE(made) << made.error().what;
    return made ? *made : nullptr;
  }
  /// A socket of another program on a port; 0: any port.
  tcp::acceptor holder(const ip::address& address, std::uint16_t port = 0) {
    tcp::acceptor made(io);
    made.open(address.is_v6() ? tcp::v6() : tcp::v4());
    made.set_option(tcp::acceptor::reuse_address(true));
    if (address.is_v6()) made.set_option(ip::v6_only(true));
    made.bind({address, port});
    made.listen();
    return made;
  }
  std::uint16_t free_port() { return opened("0:a")->endpoints().front().port(); }
  bool answers(const ip::address& address, std::uint16_t port) {
    tcp::socket near(io);
    error_code error;
    near.connect({address, port}, error);
    return !error;
  }

  const ip::address v4 = ip::address_v4::loopback();
  const ip::address v6 = ip::address_v6::loopback();
  boost::asio::io_context io;
  notebook log;
};

TEST_F(Listener, by_default_has_both_loopback_addresses_with_one_port) {
  for (int i = 0; i < 20; ++i) {
    const auto one = opened("0:a");
    const auto at = one->endpoints();
    ASSERT_EQ(at.size(), 2u);
    EXPECT_EQ(at[0].address(), v4);
    EXPECT_EQ(at[1], tcp::endpoint(v6, at[0].port()));
    EXPECT_EQ(one->text(), "127.0.0.1:" + std::to_string(at[0].port()));
  }
}

TEST_F(Listener, on_every_address_has_both_families) {
  const auto one = opened("*:0:a");
  const auto at = one->endpoints();
  ASSERT_EQ(at.size(), 2u);
  EXPECT_EQ(at[0], tcp::endpoint(ip::address_v4::any(), at[0].port()));
  EXPECT_EQ(at[1], tcp::endpoint(ip::address_v6::any(), at[0].port()));
  EXPECT_EQ(one->text(), "*:" + std::to_string(at[0].port()));
}

TEST_F(Listener, takes_connections_at_each_of_its_sockets) {
  const auto one = opened("0:a");
  std::vector<tcp::endpoint> local;
  one->start([&](const local_socket&, const std::optional<tcp_ends>& ends) { local.push_back(ends->local); });
  const auto port = one->endpoints().front().port();
  tcp::socket first(io), second(io), third(io);
  first.connect({v4, port});
  second.connect({v6, port});
  third.connect({v6, port});
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (local.size() < 3 && io.run_one_until(end) > 0) {
  }
  ASSERT_EQ(local.size(), 3u);
  EXPECT_EQ(std::count(local.begin(), local.end(), tcp::endpoint(v4, port)), 1);
  EXPECT_EQ(std::count(local.begin(), local.end(), tcp::endpoint(v6, port)), 2);
  one->close();
  EXPECT_FALSE(answers(v4, port));
  EXPECT_FALSE(answers(v6, port));
}

TEST_F(Listener, names_the_address_that_somebody_else_has_and_leaves_the_other) {
  for (const auto& [address, shown] : {std::pair{v4, "127.0.0.1:"}, std::pair{v6, "[::1]:"}}) {
    const auto port = free_port();
    const auto held = holder(address, port);
    const auto wrong = open(std::to_string(port) + ":a");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().what, "cannot listen on " + (shown + std::to_string(port)) +
                                      ": in use by this process; choose another port, or 0 for any");
    EXPECT_FALSE(answers(address == v4 ? v6 : v4, port));
  }
}

TEST_F(Listener, is_told_who_holds_a_socket_by_proc) {
  const auto port = free_port();
  const auto every = holder(ip::address_v6::any(), port);
  EXPECT_EQ(holder_of({v6, port}), this_process);
  EXPECT_EQ(holder_of({v6, free_port()}), "");
}

TEST_F(Listener, on_one_address_is_on_no_other) {
  for (const auto* word : {"127.0.0.1:0:a", "[::1]:0:a", "0.0.0.0:0:a", "localhost:0:a"}) {
    const auto one = opened(word);
    EXPECT_EQ(one->endpoints().size(), 1u) << word;
  }
  const auto one = opened("127.0.0.1:0:a");
  EXPECT_FALSE(answers(v6, one->endpoints().front().port()));
  // It accepts IPv4 as well, whatever the system's default is.
  const auto all = opened("[::]:0:a");
  EXPECT_TRUE(answers(v4, all->endpoints().front().port()));
}

TEST_F(Listener, on_an_abstract_name_is_no_file) {
  const auto name = "gof-listener-" + std::to_string(::getpid());
  auto one = opened("unix:@" + name + ":a");
  EXPECT_EQ(one->text(), "unix:@" + name);
  EXPECT_TRUE(one->endpoints().empty());
  const auto wrong = open("unix:@" + name + ":a");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().what,
            "cannot listen on unix:@" + name + ": in use by another program; choose another name");
  one.reset();
  EXPECT_TRUE(open("unix:@" + name + ":a"));
}

}  // namespace
}  // namespace gof::forward
