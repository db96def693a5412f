#include "control/ask.hpp"

#include "control/line.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <istream>
#include <optional>
#include <sys/socket.h>
#include <sys/time.h>

namespace gof::control {
namespace {

using boost::system::error_code;
using protocol = boost::asio::local::stream_protocol;

/// A mesh of thousands of peers, told in one line.
constexpr std::size_t longest_answer = std::size_t{64} << 20;

}  // namespace

result<boost::json::object> ask(const std::filesystem::path& socket, const boost::json::object& request,
                                std::chrono::milliseconds patience) {
  const auto wrong = [&](const std::string& why) { return problem{socket.string() + ": " + why}; };
  if (socket.native().size() >= 108) return wrong("the path is longer than a socket's may be (107)");
  boost::asio::io_context io;
  protocol::socket line(io);
  error_code error;
  line.open(protocol(), error);
  // A node that was stopped takes nothing in: neither who connects nor what is written.
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(patience).count();
  const timeval most{micros / 1'000'000, micros % 1'000'000};
  ::setsockopt(line.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
  line.connect(protocol::endpoint(socket.string()), error);
  if (error) return wrong("no node listens there (" + error.message() + ')');
  boost::asio::write(line, boost::asio::buffer(boost::json::serialize(request) + '\n'), error);
  if (error) return wrong(error.message());
  boost::asio::streambuf in(longest_answer);
  std::optional<error_code> done;
  boost::asio::async_read_until(line, in, '\n', [&](error_code how, std::size_t) { done = how; });
  io.run_for(patience);
  if (!done) return wrong("the node does not answer");
  if (*done) return wrong("the node closed the connection");
  std::istream from(&in);
  std::string text;
  std::getline(from, text);
  return read_answer(text);
}

}  // namespace gof::control
