// A program outside the tree: two nodes, one of which connects to the other with a ticket.
#include <gof/acceptor.hpp>
#include <gof/node.hpp>
#include <gof/stream.hpp>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <iostream>
#include <string>

namespace asio = boost::asio;
using boost::system::error_code;

int main() {
  asio::io_context io;
  gof::node_options options;
  options.network_key = gof::grant::generate().token;
  gof::node server(io, options);
  error_code error;
  const auto at = server.listen({asio::ip::address_v4::loopback(), 0}, error);
  const auto granted = gof::grant::generate();
  const auto ticket =
      server.issue(granted, {{"greet", 0}}, {"127.0.0.1:" + std::to_string(at.port())}, error);
  if (!ticket) return std::cerr << error.message() << '\n', 1;

  gof::acceptor from(server, "greet");
  gof::stream there(server);
  from.async_accept([&](error_code failed, gof::incoming asked) {
    if (failed || !asked.proves(granted.token)) return;
    there = asked.accept();
    asio::async_write(there, asio::buffer("hello", 5), [](error_code, std::size_t) {});
  });

  gof::node client(io, {});
  client.use(*ticket, error);
  gof::stream here(client);
  std::string heard(5, ' ');
  here.async_connect({server.id(), "greet"}, [&](error_code failed) {
    if (failed) return io.stop();
    asio::async_read(here, asio::buffer(heard), [&](error_code, std::size_t) { io.stop(); });
  });
  io.run_for(std::chrono::seconds(20));
  std::cout << heard << '\n';
  return heard == "hello" ? 0 : 1;
}
