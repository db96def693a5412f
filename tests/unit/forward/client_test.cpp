#include "loopback.hpp"

#include <filesystem>

namespace gof::forward {
namespace {

using log::level;

/// A port that nothing listens on.
std::uint16_t free_port(boost::asio::io_context& io) {
  return tcp::acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)).local_endpoint().port();
}

class Client : public loopback {
 protected:
  Client() {
    error_code error;
    here->reach(there->id(), error);
    EXPECT_FALSE(error) << error.message();
  }
  ~Client() override {
    made.reset();
    serving.reset();
  }

  void start_server(const std::vector<std::string>& allowed) {
    serving = serve({{"one", target.target()}, {"two", target.target()}});
    for (const auto& name : allowed) allow(*here, name);
  }
  client& start_client(const std::vector<forwarding>& forwards,
                       std::function<void(error_code)> refused = {}) {
    made = std::make_unique<client>(*here, there->id(), log,
                                    client::handlers{[this] { ++told_ready; }, std::move(refused)});
    EXPECT_EQ(problem_of(made->add(forwards)), "");
    made->start();
    watch();
    return *made;
  }
  void watch() {
    here->async_event([this](error_code error, const node_event& event) {
      if (error) return;
      if (made) made->handle_event(event);
      watch();
    });
  }
  static std::string problem_of(const std::optional<problem>& wrong) { return wrong ? wrong->what : ""; }
  static local_endpoint on(std::uint16_t port) {
    return {std::string(local_endpoint::default_bind), port, {}};
  }
  bool ready(std::size_t count) {
    return run_until([&] {
      const auto all = made->report();
      return all.size() == count &&
             std::all_of(all.begin(), all.end(), [](const auto& r) { return r.ready; });
    });
  }
  /// Connects to the port. Second: the other end, at the target.
  std::pair<tcp::socket, tcp::socket&> dial(std::uint16_t port) {
    const auto before = target.spoken.size();
    tcp::socket near(io);
    near.connect({boost::asio::ip::address_v4::loopback(), port});
    near.send(boost::asio::buffer("x", 1));
    EXPECT_TRUE(run_until([&] { return target.spoken.size() > before; }));
    auto& far = *target.spoken.back();
    char byte = 0;
    EXPECT_EQ(far.receive(boost::asio::buffer(&byte, 1)), 1u);
    return {std::move(near), far};
  }
  bool refuses(std::uint16_t port) {
    tcp::socket near(io);
    error_code error;
    near.connect({boost::asio::ip::address_v4::loopback(), port}, error);
    return error == boost::asio::error::connection_refused;
  }

  door target{io};
  std::unique_ptr<server> serving;
  std::unique_ptr<client> made;
  int told_ready = 0;
};

TEST_F(Client, starts_what_is_added_later_and_tells_ready_once) {
  start_server({"one", "two"});
  auto& c = start_client({{on(0), "one"}});
  ASSERT_TRUE(ready(1));
  EXPECT_EQ(told_ready, 1);
  const forwarding later{on(free_port(io)), "two"};
  EXPECT_EQ(problem_of(c.add({later})), "");
  EXPECT_EQ(c.forwardings(), (std::vector<forwarding>{{on(0), "one"}, later}));
  auto [near, far] = dial(later.local.port);
  EXPECT_TRUE(carries(near, far));
  ASSERT_TRUE(ready(2));
  EXPECT_EQ(told_ready, 1);
  EXPECT_EQ(c.report()[1].peer, there->id());
  EXPECT_EQ(c.report()[1].peer_name, "there");
  EXPECT_EQ(c.report()[1].service, "two");
}

TEST_F(Client, lets_connections_of_a_forward_that_is_removed_go_on_and_its_port_go) {
  start_server({"one", "two"});
  const forwarding first{on(free_port(io)), "one"};
  auto& c = start_client({first});
  auto [near, far] = dial(first.local.port);
  c.remove(first);
  c.remove(first);
  EXPECT_TRUE(c.forwardings().empty());
  EXPECT_TRUE(refuses(first.local.port));
  const forwarding second{first.local, "two"};
  EXPECT_EQ(problem_of(c.add({second})), "");
  auto [again, again_far] = dial(second.local.port);
  EXPECT_TRUE(carries(near, far));
  EXPECT_TRUE(carries(far, near));
  EXPECT_TRUE(carries(again, again_far));
  EXPECT_EQ(c.connections(), 2u);
  near.close();
  far.close();
  EXPECT_TRUE(run_until([&] { return c.connections() == 1; }));
}

TEST_F(Client, frees_the_path_of_a_unix_socket_too) {
  start_server({"one"});
  const auto path =
      (std::filesystem::temp_directory_path() / ("gof-client-" + std::to_string(::getpid()))).string();
  const forwarding one{{"", 0, path}, "one"};
  auto& c = start_client({one});
  EXPECT_TRUE(std::filesystem::exists(path));
  c.remove(one);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(problem_of(c.add({one})), "");
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(Client, binds_all_or_none) {
  start_server({"one"});
  const door other(io);
  const forwarding first{on(free_port(io)), "one"};
  auto& c = start_client({first});
  const auto port = free_port(io);
  const auto wrong = c.add({{on(port), "one"}, {on(other.port()), "one"}});
  EXPECT_NE(problem_of(wrong).find(std::to_string(other.port())), std::string::npos) << problem_of(wrong);
  EXPECT_TRUE(refuses(port));
  EXPECT_EQ(c.forwardings(), std::vector<forwarding>{first});
  auto [near, far] = dial(first.local.port);
  EXPECT_TRUE(carries(near, far));
}

TEST_F(Client, tries_on_what_was_refused_when_nobody_is_to_hear_of_it) {
  start_server({"one"});
  const forwarding two{on(free_port(io)), "two"};
  auto& c = start_client({{on(0), "one"}, two});
  ASSERT_TRUE(run_until([&] { return log.count(level::warning, "again in 1 s") > 0; }));
  EXPECT_EQ(told_ready, 0);
  EXPECT_FALSE(refuses(two.local.port));
  allow(*here, "two");
  ASSERT_TRUE(ready(2));
  EXPECT_EQ(told_ready, 1);
  EXPECT_EQ(c.forwardings().size(), 2u);
}

TEST_F(Client, ends_by_a_refusal_when_somebody_is_to_hear_of_it) {
  start_server({"one"});
  const forwarding two{on(free_port(io)), "two"};
  error_code why;
  auto& c = start_client({two}, [&](error_code error) { why = error; });
  ASSERT_TRUE(run_until([&] { return why.failed(); }));
  EXPECT_EQ(why, errc::not_allowed);
  EXPECT_TRUE(refuses(two.local.port));
  EXPECT_EQ(problem_of(c.add({two})), "");
  EXPECT_TRUE(refuses(two.local.port)) << "it no longer listens, and finishes its connections";
}

TEST_F(Client, is_ready_when_the_forward_that_was_not_is_removed) {
  start_server({"one"});
  const forwarding two{on(0), "two"};
  auto& c = start_client({{on(0), "one"}, two});
  ASSERT_TRUE(run_until(
      [&] { return log.count(level::info, "ready ") > 0 && log.count(level::warning, "again in") > 0; }));
  EXPECT_EQ(told_ready, 0);
  c.remove(two);
  EXPECT_EQ(told_ready, 1);
}

TEST_F(Client, knows_a_peer_that_was_reached_before_it) {
  start_server({"one"});
  ASSERT_TRUE(run_until([&] {
    const auto sessions = here->snapshot().sessions;
    return !sessions.empty() && sessions[0].up && !sessions[0].name.empty();
  }));
  auto& c = start_client({{on(0), "one"}});
  EXPECT_EQ(c.peer_name(), "there");
  EXPECT_TRUE(ready(1));
}

TEST_F(Client, drains_without_harm_to_connections) {
  start_server({"one"});
  const forwarding one{on(free_port(io)), "one"};
  auto& c = start_client({one});
  auto [near, far] = dial(one.local.port);
  c.drain();
  EXPECT_TRUE(refuses(one.local.port));
  EXPECT_TRUE(carries(near, far));
  EXPECT_TRUE(carries(far, near));
}

}  // namespace
}  // namespace gof::forward
