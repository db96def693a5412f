#include "world.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <filesystem>

namespace gof::testing {

namespace asio = boost::asio;

world::world(std::chrono::milliseconds connect_timeout) {
  network_key.fill(7);
  server_options.network_key = network_key;
  server_options.name = "server";
  client_options.name = "client";
  server_options.connect_timeout = client_options.connect_timeout = connect_timeout;
  start_server();
  start_client();
}

world::~world() {
  client.reset();
  server.reset();
  run_until([this] { return io.stopped(); }, 3s);
}

bool world::run_until(const std::function<bool()>& done, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  if (io.stopped()) io.restart();
  while (!done()) {
    const auto ran = io.run_one_until(end);
    if (done()) return true;
    if (ran == 0) return false;
  }
  return true;
}

void world::run_for(std::chrono::milliseconds time) {
  if (io.stopped()) io.restart();
  io.run_for(time);
}

void world::start_server(unsigned short port) {
  server = std::make_unique<node>(io, server_options);
  error_code error;
  at = server->listen({asio::ip::address_v4::loopback(), port}, error);
  ASSERT_FALSE(error) << error.message();
  ASSERT_NE(at.port(), 0);
}

void world::start_client() {
  client = std::make_unique<node>(io, client_options);
  use(make_ticket());
}

void world::use(const ticket& t) {
  error_code error;
  client->use(t, error);
  ASSERT_FALSE(error) << error.message();
}

ticket world::make_ticket(const node& issuer, const std::string& address) {
  error_code error;
  auto made = issuer.issue(granted, {{"echo", 7}, {"other", 0}}, {address}, error);
  EXPECT_FALSE(error) << error.message();
  return made.value();
}

ticket world::make_ticket() {
  return make_ticket(*server, "127.0.0.1:" + std::to_string(at.port()));
}

error_code world::connect(stream& s, const endpoint& where) {
  outcome<> done;
  s.async_connect(where, done.plain_handler());
  EXPECT_TRUE(run_until([&] { return done.times > 0; })) << "connect did not end";
  return done.error;
}

error_code world::probe(const endpoint& where, std::string* words) {
  outcome<std::string> done;
  client->async_probe(where, done.handler());
  EXPECT_TRUE(run_until([&] { return done.times > 0; })) << "probe did not end";
  if (words != nullptr) *words = done.value;
  return done.error;
}

incoming world::accept(acceptor& from) {
  outcome<incoming> done;
  from.async_accept(done.handler());
  EXPECT_TRUE(run_until([&] { return done.times > 0; })) << "accept did not end";
  EXPECT_FALSE(done.error) << done.error.message();
  return std::move(done.value);
}

error_code world::write(stream& s, const std::string& data) {
  outcome<> done;
  asio::async_write(s, asio::buffer(data), done.handler());
  EXPECT_TRUE(run_until([&] { return done.times > 0; })) << "write did not end";
  return done.error;
}

std::string world::read(stream& s, std::size_t size, error_code& error) {
  std::string data(size, '\0');
  outcome<> done;
  asio::async_read(s, asio::buffer(data), done.handler());
  EXPECT_TRUE(run_until([&] { return done.times > 0; })) << "read did not end";
  error = done.error;
  data.resize(done.value);
  return data;
}

std::string world::read(stream& s, std::size_t size) {
  error_code error;
  auto data = read(s, size, error);
  EXPECT_FALSE(error) << error.message();
  return data;
}

error_code world::read_end(stream& s) {
  error_code error;
  EXPECT_EQ(read(s, 1, error), "");
  return error;
}

node_event world::next_event(node& of, node_event::kind kind) {
  outcome<node_event> got;
  do {
    got = {};
    of.async_event(got.handler());
    const bool ended = run_until([&] { return got.times > 0; });
    EXPECT_TRUE(ended) << "the event did not occur";
    EXPECT_FALSE(got.error) << got.error.message();
    if (!ended || got.error) break;
  } while (got.value.what != kind);
  return got.value;
}

std::pair<stream, stream> world::join(acceptor& from, const std::string& service) {
  stream near(*client);
  outcome<> done;
  near.async_connect(to(service), done.plain_handler());
  auto far = accept(from).accept();
  EXPECT_TRUE(run_until([&] { return done.times > 0; }));
  EXPECT_FALSE(done.error) << done.error.message();
  return {std::move(near), std::move(far)};
}

bool world::all_freed() const {
  return (!server || server->snapshot().streams == 0) && (!client || client->snapshot().streams == 0);
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace gof::testing
