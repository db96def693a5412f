#pragma once

#include <gof/identity.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace gof {

/// The destination of a stream: a peer, and the name of one of its services.
///
/// @par Thread safety
/// A value: distinct objects may be used by any threads.
///
/// @see stream::async_connect(), node::async_probe(); gof-protocol(7), STREAMS, OPEN and PROBE.
///
/// @par Example
/// @code
/// /// For a program that accepts TCP connections and passes each on to a service.
/// gof::endpoint passed_on(const gof::peer& to, const boost::asio::ip::tcp::socket& accepted) {
///   gof::endpoint made{to, "ssh"};
///   made.client = accepted.remote_endpoint();
///   made.listening = {accepted.local_endpoint()};
///   return made;
/// }
/// @endcode
struct endpoint {
  gof::peer peer;       ///< whose service it is
  std::string service;  ///< the name that the peer gave the service

  /// For a program that forwards connections: the address of the client that connected. With this and
  /// `listening` the peer can notice that the connection comes from itself, and answers errc::loop. Both are
  /// sent only to a peer that has proved to run on the same host, in the same network namespace.
  std::optional<boost::asio::ip::tcp::endpoint> client{};
  /// The address that the client connected to; for a probe, every address that the program listens on. The
  /// first 4 are sent.
  std::vector<boost::asio::ip::tcp::endpoint> listening{};

  /// Compares all members, in the order of their declaration.
  std::weak_ordering operator<=>(const endpoint&) const = default;
  /// Compares all members.
  bool operator==(const endpoint&) const = default;
};

}  // namespace gof
