#pragma once

#include "book.hpp"
#include "forward/client.hpp"
#include "forward/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <string>

namespace gof::forward {

using boost::asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

/// A program that listens on a port of this machine.
class door {
 public:
  /// 0: any free port.
  explicit door(boost::asio::io_context& io, std::uint16_t port = 0);

  std::uint16_t port() const { return port_; }
  forward::target target() const { return {"127.0.0.1", port_, {}}; }
  /// From now on the port refuses connections.
  void close();

  std::list<tcp::socket> taken;      ///< references remain valid
  std::vector<tcp::socket*> spoken;  ///< those whose other end sent something, which a probe does not

 private:
  void accept();

  std::shared_ptr<int> here_ = std::make_shared<int>();  ///< a connection may be accepted after the end
  tcp::acceptor acceptor_;
  std::uint16_t port_;
};

/// Two members of a mesh on one io_context with real sockets: one serves, the other has joined it.
class loopback : public ::testing::Test {
 protected:
  /// Only a failing test waits this long.
  static constexpr std::chrono::seconds patience{20};

  loopback();
  ~loopback() override;

  bool run_until(const std::function<bool()>& done);
  void run_for(std::chrono::milliseconds time) { io.run_for(time); }
  std::unique_ptr<gof::node> make_member(const std::string& name);
  void join(gof::node& member);
  std::unique_ptr<server> serve(const std::vector<service>& services);
  void allow(const gof::node& who, const std::string& service) { rights.allowed.insert({who.id(), service}); }
  void forbid(const gof::node& who, const std::string& service) { rights.allowed.erase({who.id(), service}); }
  /// A ticket of `there` for one service. The book has its grant.
  gof::ticket ticket_for(const service& one);

  /// Opens a stream from `from`, and waits for the answer.
  error_code connect(gof::stream& s, const std::string& service);
  error_code connect(gof::node& from, const std::string& service);
  error_code probe(gof::node& from, const std::string& service);
  /// How the stream ended. It must end soon.
  error_code end_of(gof::stream& s);

  template <class From, class To>
  bool carries(From& from, To& to, const std::string& text = "some words") {
    std::string heard(text.size(), '\0');
    bool arrived = false;
    error_code failed;
    boost::asio::async_write(from, boost::asio::buffer(text), [](error_code, std::size_t) {});
    boost::asio::async_read(to, boost::asio::buffer(heard), [&](error_code error, std::size_t) {
      failed = error;
      arrived = true;
    });
    return run_until([&] { return arrived; }) && !failed && heard == text;
  }

  boost::asio::io_context io{1};
  std::array<std::uint8_t, 32> network_key{7};
  notebook log;
  book rights;
  std::unique_ptr<gof::node> there;  ///< serves
  std::unique_ptr<gof::node> here;
  tcp::endpoint at;  ///< the address that `there` listens on
};

}  // namespace gof::forward
