#include "net/link_dial.hpp"

namespace gof::net {
namespace {

/// Limit for one address: enough for two lost SYNs, and no longer than the opening of a link may take.
constexpr std::chrono::seconds address_limit{3};

std::string words_of(const std::vector<dial::failure>& failures) {
  std::string all;
  for (const auto& one : failures) {
    const bool silent = one.what == dial::failure::kind::silent;
    all += (all.empty() ? "" : "; ") + one.where + ": " + (silent ? one.error.message() : one.words());
  }
  return all;
}

/// Moves a socket of any protocol and executor to a TCP socket on our io_context.
std::optional<tcp_socket> take(boost::asio::io_context& io, dial::socket from) {
  error_code error;
  const auto where = from.remote_endpoint(error);
  if (error) return std::nullopt;
  const auto handle = from.release(error);
  if (error) return std::nullopt;
  tcp_socket taken(io);
  taken.assign(where.protocol().family() == AF_INET6 ? tcp::v6() : tcp::v4(), handle, error);
  if (error) return ::close(handle), std::nullopt;
  prepare_link(taken);
  return taken;
}

}  // namespace

std::shared_ptr<dial::attempt> dial_link(boost::asio::io_context& io, const wire::address& to,
                                         std::chrono::milliseconds limit, link_dial_handler done) {
  auto answer = [&io, where = to.text(), done = std::move(done)](std::optional<dial::connection> made,
                                                                 const std::vector<dial::failure>& failures) {
    if (!made) return done(std::nullopt, words_of(failures));
    auto taken = take(io, std::move(made->socket));
    const bool gone = !taken;
    done(std::move(taken), gone ? where + ": the connection was gone at once" : std::string());
  };
  return dial::attempt::start(io.get_executor(), {to.host, to.port, {}}, {limit, address_limit},
                              std::move(answer));
}

}  // namespace gof::net
