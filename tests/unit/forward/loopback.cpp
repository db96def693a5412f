#include "loopback.hpp"

namespace gof::forward {

door::door(boost::asio::io_context& io, std::uint16_t port)
    : acceptor_(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), port)),
      port_(acceptor_.local_endpoint().port()) {
  accept();
}

void door::accept() {
  acceptor_.async_accept([this, weak = std::weak_ptr(here_)](error_code error, tcp::socket socket) {
    if (error || weak.expired()) return;
    auto& its = taken.emplace_back(std::move(socket));
    its.async_wait(tcp::socket::wait_read, [this, weak, &its](error_code failed) {
      if (!failed && !weak.expired() && its.available(failed) > 0) spoken.push_back(&its);
    });
    accept();
  });
}

void door::close() {
  acceptor_.close();
}

loopback::loopback() {
  there = make_member("there");
  error_code error;
  at = there->listen({boost::asio::ip::address_v4::loopback(), 0}, error);
  EXPECT_FALSE(error) << error.message();
  here = make_member("here");
  join(*here);
}

loopback::~loopback() {
  here.reset();
  there.reset();
  io.run_for(patience);  // nodes and streams close in an orderly way
}

bool loopback::run_until(const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + patience;
  if (io.stopped()) io.restart();
  while (!done())
    if (io.run_one_until(end) == 0) return done();
  return true;
}

std::unique_ptr<gof::node> loopback::make_member(const std::string& name) {
  gof::node_options options;
  options.network_key = network_key;
  options.name = name;
  return std::make_unique<gof::node>(io, options);
}

void loopback::join(gof::node& member) {
  error_code error;
  member.join({"127.0.0.1:" + std::to_string(at.port())}, error);
  EXPECT_FALSE(error) << error.message();
}

std::unique_ptr<server> loopback::serve(const std::vector<service>& services) {
  auto made = std::make_unique<server>(*there, server_options{"there", 10s}, services, rights, log);
  made->start();
  return made;
}

gof::ticket loopback::ticket_for(const service& one) {
  const auto made = gof::grant::generate();
  rights.grants[made.id] = {made.token, {{one.name, one.target.text()}}};
  error_code error;
  auto ticket = there->issue(made, {{one.name, 0}}, {"127.0.0.1:" + std::to_string(at.port())}, error);
  EXPECT_FALSE(error) << error.message();
  return ticket.value();
}

error_code loopback::connect(gof::stream& s, const std::string& service) {
  std::optional<error_code> answer;
  s.async_connect({there->id(), service}, [&](error_code error) { answer = error; });
  EXPECT_TRUE(run_until([&] { return answer.has_value(); }));
  return answer.value_or(errc::no_path);
}

error_code loopback::connect(gof::node& from, const std::string& service) {
  gof::stream s(from);
  return connect(s, service);
}

error_code loopback::probe(gof::node& from, const std::string& service) {
  std::optional<error_code> answer;
  from.async_probe({there->id(), service}, [&](error_code error, const std::string&) { answer = error; });
  EXPECT_TRUE(run_until([&] { return answer.has_value(); }));
  return answer.value_or(errc::no_path);
}

error_code loopback::end_of(gof::stream& s) {
  char byte = 0;
  std::optional<error_code> end;
  s.async_read_some(boost::asio::buffer(&byte, 1), [&](error_code error, std::size_t) { end = error; });
  EXPECT_TRUE(run_until([&] { return end.has_value(); }));
  return end.value_or(error_code());
}

}  // namespace gof::forward
