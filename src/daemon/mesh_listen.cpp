#include "daemon/mesh_listen.hpp"

#include "log/text.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <thread>

namespace gof::daemon {
namespace {

namespace io_error = boost::asio::error;
using boost::asio::ip::tcp;
using boost::system::error_code;

/// A killed process releases its port a moment after its end is reported.
constexpr std::chrono::milliseconds release_time{250};
constexpr std::chrono::milliseconds release_step{25};

/// The documented port of a relay.
constexpr std::uint16_t relay_port = 9999;

constexpr std::string_view every_v4 = "0.0.0.0";
constexpr std::string_view every_v6 = "::";

failure cannot_listen(const std::string& where, error_code error) {
  auto what = "cannot listen on " + where + ": " + error.message();
  if (error == io_error::address_in_use) what = "cannot listen on " + where + ": in use by another program";
  if (error == io_error::access_denied)
    what = "cannot listen on " + where + ": ports below 1024 are privileged; choose one above";
  return {failed, what};
}

outcome<listening> listen_at(gof::node& node, const wire::address& asked, const dial::host_names& names) {
  const auto found = names.addresses(asked.host);
  if (found.empty())
    return failure{failed, "cannot listen on " + asked.text() + ": the name does not resolve"};
  error_code error;
  for (const auto& one : found) {  // skips a family that this machine lacks
    const auto at = node.listen({one, asked.port}, error);
    if (!error) return listening{asked.host, at.port()};
    if (error == io_error::address_in_use) break;
  }
  return cannot_listen(asked.text(), error);
}

/// Listens on both families if possible; port 0: any free port.
std::vector<listening> listen_everywhere(gof::node& node, std::uint16_t port, error_code& error) {
  const auto v4 = node.listen(tcp::endpoint(tcp::v4(), port), error);
  std::vector<listening> at;
  if (!error) at.push_back({std::string(every_v4), v4.port()});
  if (error == io_error::address_in_use) return at;
  error_code without_v6;
  const auto v6 = node.listen(tcp::endpoint(tcp::v6(), error ? port : v4.port()), without_v6);
  if (!without_v6) {
    at.push_back({std::string(every_v6), v6.port()});
    error.clear();
  }
  return at;
}

/// Listens on the port kept. Waits a little if it is just being released; nothing else runs yet that the wait
/// could delay.
std::vector<listening> listen_again(gof::node& node, std::uint16_t port, error_code& error) {
  auto all = listen_everywhere(node, port, error);
  for (auto waited = release_step; error == io_error::address_in_use && waited <= release_time;
       waited += release_step) {
    std::this_thread::sleep_for(release_step);
    all = listen_everywhere(node, port, error);
  }
  return all;
}

outcome<std::vector<listening>> listen_at_all(gof::node& node, const std::vector<wire::address>& asked,
                                              const dial::host_names& names) {
  std::vector<listening> all;
  for (const auto& one : asked) {
    auto at = listen_at(node, one, names);
    if (!at) return at.error();
    all.push_back(std::move(*at));
  }
  return all;
}

}  // namespace

outcome<std::vector<listening>> listen(gof::node& node, const std::vector<wire::address>& asked,
                                       const dial::host_names& names, state::store& kept, log::logger& log) {
  if (!asked.empty()) return listen_at_all(node, asked, names);
  const auto port = kept.port();
  if (!port) return failure{bad_file, port.error().what};
  error_code error;
  std::vector<listening> all;
  if (*port) {
    all = listen_again(node, **port, error);
    if (!error) return all;
    log.write(log::level::warning,
              "port " + std::to_string(**port) +
                  ", which printed tickets name, is taken; another one is used this time");
  }
  all = listen_everywhere(node, 0, error);
  if (error) return cannot_listen("any port", error);
  if (*port) return all;
  if (const auto noted = kept.keep_port(all.front().port); !noted)
    log.write(log::level::warning,
              "the port is not kept, so that tickets end with this run: " + noted.error().what);
  return all;
}

outcome<std::vector<listening>> listen_as_relay(gof::node& node, const std::vector<wire::address>& asked,
                                                const dial::host_names& names, log::logger& log) {
  if (!asked.empty()) return listen_at_all(node, asked, names);
  std::vector<listening> all;
  std::vector<std::string> without;
  error_code error;
  for (const auto& host : {std::string(every_v4), std::string(every_v6)}) {
    const auto where = log::address_text(host, relay_port);
    const auto at = node.listen({boost::asio::ip::make_address(host), relay_port}, error);
    if (error == io_error::address_in_use) return cannot_listen(where, error);
    if (error)
      without.push_back(where + ": " + error.message());
    else
      all.push_back({host, at.port()});
  }
  if (all.empty()) return failure{failed, "cannot listen on " + without.front()};
  for (const auto& one : without) log.write(log::level::info, "not listening on " + one);
  return all;
}

}  // namespace gof::daemon
