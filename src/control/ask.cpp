#include "control/ask.hpp"

#include "control/line.hpp"
#include "dial/attempt.hpp"
#include "log/json_text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <csignal>
#include <istream>

namespace gof::control {
namespace {

using boost::system::error_code;

/// Enough for a mesh of thousands of peers in one line.
constexpr std::size_t longest_answer = std::size_t{64} << 20;

}  // namespace

result<boost::json::object> ask(const std::filesystem::path& socket, const boost::json::object& request,
                                std::chrono::milliseconds patience, std::optional<int>* signal) {
  const auto wrong = [&](const std::string& why) { return problem{socket.string() + ": " + why}; };
  if (socket.native().size() >= 108) return wrong("the path is longer than a socket's may be (107)");
  // Connect and write may block as well, if the node's process was stopped: the limit covers all of it.
  boost::asio::io_context io;
  std::optional<dial::socket> line;
  boost::asio::streambuf in(longest_answer);
  std::string why = "the node does not answer";
  bool done = false;
  const auto out = log::json_text(request) + '\n';
  std::optional<boost::asio::signal_set> signals;
  if (signal != nullptr) {
    signals.emplace(io, SIGINT, SIGTERM);
    signals->async_wait([&](error_code cancelled, int number) {
      if (cancelled) return;
      *signal = number;
      io.stop();
    });
  }
  const auto fail = [&](const std::string& what) {
    why = what;
    io.stop();
  };
  const auto read = [&](error_code error, std::size_t) {
    if (error) return fail(error.message());
    boost::asio::async_read_until(*line, in, '\n', [&](error_code failed, std::size_t) {
      done = !failed;
      fail("the node closed the connection");
    });
  };
  const auto write = [&](std::optional<dial::connection> to, const std::vector<dial::failure>& failures) {
    if (!to) return fail("no node listens there (" + failures.front().words() + ')');
    line = std::move(to->socket);
    boost::asio::async_write(*line, boost::asio::buffer(out), read);
  };
  dial::attempt::start(io.get_executor(), {{}, 0, socket.string()}, {2 * patience}, write);
  io.run_for(patience);
  if (!done) return wrong(why);
  std::istream from(&in);
  std::string text;
  std::getline(from, text);
  return read_answer(text);
}

}  // namespace gof::control
