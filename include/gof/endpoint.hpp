#pragma once

#include <gof/identity.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <compare>
#include <optional>
#include <string>
#include <vector>

namespace gof {

/// Where a stream leads: a peer and the name of one of its services. A value.
struct endpoint {
  gof::peer peer;
  std::string service;

  /// For a program that passes on the connections that it accepts. By these the peer notices that such a
  /// connection is one that it made itself, and answers errc::loop. They are sent only to a peer that has
  /// proved to run on the same host, in the same network namespace; nobody else learns them.
  std::optional<boost::asio::ip::tcp::endpoint> client{};  ///< who connected
  /// The address that the client connected to; for a probe, each that the program listens on. At most 4
  /// count.
  std::vector<boost::asio::ip::tcp::endpoint> listening{};

  std::weak_ordering operator<=>(const endpoint&) const = default;
  bool operator==(const endpoint&) const = default;
};

}  // namespace gof
